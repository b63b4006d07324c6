/** A JSON object with unknown fields. */
export type Node = Record<string, unknown>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Returns the value where it is an object, else an empty object. */
export const node = (value: unknown): Node => (isNode(value) ? value : {})
/** Returns the objects of a list, and an empty list for anything else. */
export const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.map(node) : [])

/** Fields that describe a release itself, and not its process. */
const OF_A_RELEASE: ReadonlySet<string> = new Set(['id', 'date', 'tag', 'initiationType'])
const DEEPEST = 40

/**
 * Merges the releases of one process, oldest first, by the merge rules of the Open Contracting Data Standard:
 * objects field by field, lists of objects by their `id`, all other lists whole, and null removes a field.
 * @param releases in the order of publication, for those without dates
 * @see https://standard.open-contracting.org/latest/en/schema/merging/
 */
export function mergeReleases(releases: readonly Node[]): Node {
  const dated = byDate(releases)
  const merged: Node = {}
  for (const release of dated) mergeInto(merged, release, 0)
  const last = dated.at(-1)
  return last ? { ...merged, id: last.id, date: last.date, tag: last.tag } : merged
}

/** Sorts releases, oldest first; those without a date stay in the given order. */
export const byDate = (releases: readonly Node[]): Node[] =>
  [...releases].sort((a, b) => compareDates(a.date, b.date))

const compareDates = (a: unknown, b: unknown): number => {
  const [first, second] = [String(a ?? ''), String(b ?? '')]
  return first < second ? -1 : first > second ? 1 : 0
}

function mergeInto(target: Node, source: Node, depth: number): void {
  for (const [key, value] of Object.entries(source)) {
    if (key === '__proto__' || (depth === 0 && OF_A_RELEASE.has(key))) continue
    if (value === null) delete target[key]
    else target[key] = mergedValue(target[key], value, depth)
  }
}

function mergedValue(before: unknown, value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return value
  if (isNode(value)) {
    const target: Node = isNode(before) ? before : {}
    mergeInto(target, value, depth + 1)
    return target
  }
  if (!Array.isArray(value) || !value.every(isNode) || value.length === 0) return value
  const list: Node[] = Array.isArray(before) ? before.filter(isNode) : []
  for (const item of value as Node[]) {
    const known = item.id === undefined ? undefined : list.find(({ id }) => String(id) === String(item.id))
    const target = known ?? {}
    mergeInto(target, item, depth + 1)
    if (!known) list.push(target)
  }
  return list
}

/**
 * Returns the release with the last value of each field of a record's versioned release.
 * @see https://standard.open-contracting.org/latest/en/schema/records_reference/#versioned-release
 */
export function lastVersions(versioned: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(versioned)) {
    if (
      versioned.length > 0 &&
      versioned.every((item) => isNode(item) && 'releaseDate' in item && 'value' in item)
    ) {
      const dated = [...(versioned as Node[])].sort((a, b) => compareDates(a.releaseDate, b.releaseDate))
      return dated.at(-1)?.value
    }
    return versioned.map((item) => lastVersions(item, depth + 1))
  }
  if (!isNode(versioned)) return versioned
  return Object.fromEntries(
    Object.entries(versioned).map(([key, value]) => [key, lastVersions(value, depth + 1)]),
  )
}
