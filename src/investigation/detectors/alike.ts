import type { EvidencedContract } from '../finding.ts'
import { pacer } from '../pace.ts'
import { likeness, numbersOf, type ObjectText, readObject, sameNumbers } from './object-text.ts'

/** Contracts that are equal in all that is compared. */
export interface Node<Row> {
  row: Row
  /** Some of them, for evidence. */
  contracts: EvidencedContract[]
  count: number
  cents: number
  item: string
  object: string
  /** Days since 1970, or null. */
  day: number | null
  /** `YYYY-MM-DD`, or null. */
  start: string | null
  end: string | null
}

export interface Limits {
  likeness: number
  /** Share of the larger value. */
  value: number
  days: number
}

/** Nodes linked by pairs that look like one contract; two rows at least. */
export interface Alike<Row> {
  nodes: Node<Row>[]
}

/** Neighbours each node is compared with, in order of value and day: keeps hostile blocks linear. */
const NEIGHBOURS = 200

const overlap = (a: Node<unknown>, b: Node<unknown>): boolean | null => {
  if (a.start === null || a.end === null || b.start === null || b.end === null) return null
  return a.start === b.start || (a.start < b.end && b.start < a.end)
}

const matches = (
  a: Node<unknown>,
  b: Node<unknown>,
  words: (object: string) => ObjectText,
  limits: Limits,
): boolean => {
  const dated = a.day !== null && b.day !== null
  if (dated && Math.abs((a.day as number) - (b.day as number)) > limits.days) return false
  const terms = overlap(a, b)
  if (terms === false) return false
  if (Math.abs(a.cents - b.cents) > Math.max(a.cents, b.cents) * limits.value + 0.5) return false
  if (a.object === b.object) return dated && terms ? true : a.cents === b.cents
  const [left, right] = [words(a.object), words(b.object)]
  if (!sameNumbers(left, right)) return false
  const alike = likeness(left, right)
  return dated && terms ? alike >= limits.likeness : alike === 1 && a.cents === b.cents
}

const rootOf = (parents: Int32Array, i: number): number => {
  let root = i
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] as number] as number
    root = parents[root] as number
  }
  return root
}

/**
 * The clusters of one buyer and supplier, in the order of their first nodes.
 * @param block nodes of one buyer and supplier, by value and then day
 * @throws the signal's reason
 */
export const alike = async <Row>(
  block: readonly Node<Row>[],
  limits: Limits,
  signal: AbortSignal,
): Promise<Alike<Row>[]> => {
  if (block.length === 0 || (block.length === 1 && block[0]?.count === 1)) return []
  const pause = pacer(signal)
  const read = new Map<string, ObjectText>()
  const words = (object: string): ObjectText => {
    const text = read.get(object) ?? readObject(object)
    read.set(object, text)
    return text
  }
  const groups = new Map<string, number[]>()
  for (const [i, node] of block.entries()) {
    const key = `${node.item}|${numbersOf(words(node.object))}`
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
    await pause()
  }
  const parents = Int32Array.from(block, (_, i) => i)
  for (const group of groups.values()) {
    for (const [at, i] of group.entries()) {
      const a = block[i] as Node<Row>
      for (const j of group.slice(at + 1, at + 1 + NEIGHBOURS)) {
        const b = block[j] as Node<Row>
        if (b.cents - a.cents > b.cents * limits.value + 0.5) break
        const [root, other] = [rootOf(parents, i), rootOf(parents, j)]
        if (root !== other && matches(a, b, words, limits))
          parents[Math.max(root, other)] = Math.min(root, other)
      }
      await pause()
    }
  }
  const clusters = new Map<number, Node<Row>[]>()
  for (const [i, node] of block.entries()) {
    const root = rootOf(parents, i)
    const cluster = clusters.get(root)
    if (cluster) cluster.push(node)
    else clusters.set(root, [node])
    await pause()
  }
  return [...clusters.values()]
    .filter((nodes) => nodes.length > 1 || (nodes[0] as Node<Row>).count > 1)
    .map((nodes) => ({ nodes }))
}
