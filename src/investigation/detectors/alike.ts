import type { EvidencedContract } from '../finding.ts'
import { pacer } from '../pace.ts'
import { likeness, nameOthers, numbersOf, type ObjectText, readObject, sameNumbers } from './object-text.ts'

/** Rows that are equal in everything that is compared. */
export interface Node<Row> {
  row: Row
  /** Some of the rows, for evidence. */
  contracts: EvidencedContract[]
  count: number
  /** The current value. */
  cents: number
  /** The value at signature, where the file has it; else null. */
  initialCents: number | null
  item: string
  /** The process of which the row is one item, or null. */
  process: string | null
  object: string
  /** Days since 1970, or null. */
  day: number | null
  /** `YYYY-MM-DD`, or null. */
  start: string | null
  end: string | null
}

export interface Limits {
  likeness: number
  /** Tolerance of values, as a part of the larger one. */
  value: number
  days: number
}

/** A cluster of nodes linked by pairs that look like one contract; it has two rows at least. */
export interface Alike<Row> {
  nodes: Node<Row>[]
}

/** Neighbours in the order of value and day that each node is compared with: a bound for hostile files. */
const NEIGHBOURS = 200

const overlap = (a: Node<unknown>, b: Node<unknown>): boolean | null => {
  if (a.start === null || a.end === null || b.start === null || b.end === null) return null
  return a.start === b.start || (a.start < b.end && b.start < a.end)
}

/** Days from which on a purchase without a term is that of the next month. */
const NEXT_MONTH = 26

/** Tells whether two nodes with similar values at signature are alike in all other properties. */
const matches = (
  a: Node<unknown>,
  b: Node<unknown>,
  equalValue: boolean,
  words: (object: string) => ObjectText,
  limits: Limits,
): boolean => {
  const dated = a.day !== null && b.day !== null
  if (dated && Math.abs((a.day as number) - (b.day as number)) > limits.days) return false
  if (a.process !== null && a.process === b.process) return false
  const terms = overlap(a, b)
  if (terms === false) return false
  if (dated && terms === null && Math.abs((a.day as number) - (b.day as number)) >= NEXT_MONTH) return false
  if (a.object === b.object) return dated && terms ? true : equalValue
  const [left, right] = [words(a.object), words(b.object)]
  if (!sameNumbers(left, right)) return false
  const alike = likeness(left, right)
  if (!dated || !terms) return alike === 1 && equalValue
  return alike >= limits.likeness && !nameOthers(left, right)
}

/** Days on which the same purchase is signed from which on it is one that is made again and again. */
const SERIES_DAYS = 3

/** Tells whether contracts without a term are a series: one thing that is bought again on day after day. */
const isSeries = (nodes: readonly Node<unknown>[]): boolean =>
  nodes.every(({ start, end }) => start === null || end === null) &&
  new Set(nodes.map(({ day }) => day).filter((day) => day !== null)).size >= SERIES_DAYS

const rootOf = (parents: Int32Array, i: number): number => {
  let root = i
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] as number] as number
    root = parents[root] as number
  }
  return root
}

/**
 * Links the nodes of one buyer and supplier that look like one contract.
 * @param block nodes of one buyer and supplier, sorted by value and then day
 * @returns the clusters in the order of their first nodes
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
  /**
   * Links neighbours in a list that ascends by `amountOf`, where `comparable` allows to compare them by that
   * amount.
   */
  const link = async (
    list: readonly number[],
    amountOf: (node: Node<Row>) => number,
    comparable: (a: Node<Row>, b: Node<Row>) => boolean,
  ) => {
    for (const [at, i] of list.entries()) {
      const a = block[i] as Node<Row>
      for (const j of list.slice(at + 1, at + 1 + NEIGHBOURS)) {
        const b = block[j] as Node<Row>
        const apart = amountOf(b) - amountOf(a)
        if (apart > amountOf(b) * limits.value + 0.5) break
        const [root, other] = [rootOf(parents, i), rootOf(parents, j)]
        if (root !== other && comparable(a, b) && matches(a, b, apart === 0, words, limits))
          parents[Math.max(root, other)] = Math.min(root, other)
      }
      await pause()
    }
  }
  const initialOf = (node: Node<Row>): number => node.initialCents as number
  for (const group of groups.values()) {
    if (group.length < 2) continue
    const signed = group.filter((i) => (block[i] as Node<Row>).initialCents !== null)
    await link(
      [...signed].sort(
        (i, j) => initialOf(block[i] as Node<Row>) - initialOf(block[j] as Node<Row>) || i - j,
      ),
      initialOf,
      () => true,
    )
    if (signed.length < group.length)
      await link(
        group,
        ({ cents }) => cents,
        (a, b) => a.initialCents === null || b.initialCents === null,
      )
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
    .filter((nodes) => (nodes.length > 1 || (nodes[0] as Node<Row>).count > 1) && !isSeries(nodes))
    .map((nodes) => ({ nodes }))
}
