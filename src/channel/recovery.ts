import type { History, Position, Publication } from './broker.ts'
import type { LossReason } from './subscriber.ts'

/** What could be proven. */
export type Recovery =
  | {
      lost: undefined
      /** What follows the position: ascending, gapless, none twice. */
      publications: Publication[]
      /** Where that leads. */
      position: Position
      /** False when there is known to be more: history has to be read again from `position`. */
      complete: boolean
    }
  | {
      lost: LossReason
      /** Where the log stands now. */
      position: Position
    }

/** Why what follows a position cannot be told from a slice of history read later; undefined when it can. */
export function lossOf(position: Position, history: History): LossReason | undefined {
  if (history.epoch !== position.epoch) return 'epoch_changed'
  if (position.offset > history.top) return 'offset_ahead'
  if (position.offset + 1 < history.first) return 'trimmed'
  return undefined
}

/**
 * Joins what was read with what was pushed.
 * @param slices read after the position was reached, in the order in which they were read
 * @param live pushed since the first slice was asked for: in any order, with losses and repetitions, of any epoch.
 *   A push that came before is in the slice or was trimmed, so it need not be kept.
 */
export function recover(
  position: Position,
  slices: readonly History[],
  live: readonly Publication[] = [],
): Recovery {
  const { epoch } = position
  const publications: Publication[] = []
  let offset = position.offset
  let top = offset
  for (const slice of slices) {
    const lost = lossOf({ epoch, offset }, slice)
    if (lost !== undefined) return { lost, position: { epoch: slice.epoch, offset: slice.top } }
    top = slice.top
    for (const publication of slice.publications) {
      if (publication.offset !== offset + 1) continue
      publications.push(publication)
      offset++
    }
  }
  const ahead = new Map<number, Publication>()
  let foreign = false
  for (const publication of live) {
    if (publication.epoch !== epoch) foreign = true
    else ahead.set(publication.offset, publication)
  }
  for (let next = ahead.get(offset + 1); next !== undefined; next = ahead.get(offset + 1)) {
    publications.push(next)
    offset++
  }
  for (const seen of ahead.keys()) top = Math.max(top, seen)
  return { lost: undefined, publications, position: { epoch, offset }, complete: offset >= top && !foreign }
}
