/** Pattern of a place in a list, as {@link cursorOf} writes it. */
export const CURSOR = '^[0-9]{1,15}-[A-Za-z0-9_-]{1,64}$'

/**
 * Returns the cursor of a row in a list whose newest rows come first, by time and then by id. The list can be
 * continued after it even when the row has been removed.
 * @param at ms since the epoch
 */
export const cursorOf = (at: number, id: string): string => `${at}-${id}`
