import type { History, Position, Publication } from './broker.ts'
import type { LossReason } from './subscriber.ts'

/** The result of a recovery: the publications after a position, or the reason why they are lost. */
export type Recovery =
  | {
      lost: undefined
      /** Publications after the position: ascending, without holes or duplicates. */
      publications: Publication[]
      /** Position of the last one. */
      position: Position
      /** False when more are known to exist: history has to be read again from `position`. */
      complete: boolean
    }
  | {
      lost: LossReason
      /** Top of the log. */
      position: Position
    }

/**
 * Returns the reason why the publications after a position cannot be taken from a slice of history that was read
 * later; undefined when they can.
 */
export function lossOf(position: Position, history: History): LossReason | undefined {
  if (history.epoch !== position.epoch) return 'epoch_changed'
  if (position.offset > history.top) return 'offset_ahead'
  if (position.offset + 1 < history.first) return 'trimmed'
  return undefined
}

/**
 * Joins slices of history and pushed publications into the sequence that follows a position.
 * @param slices read after the position was reached, in the order in which they were read
 * @param live pushed since the first slice was asked for: in any order, with losses and repetitions, of any epoch. A
 *   push that came before is in the slice or was trimmed, so it need not be kept.
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
