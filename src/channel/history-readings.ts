import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Broker, History } from './broker.ts'

/** Joins the readings of one turn of the event loop that read the same: those of a crowd that comes back at once. */
export const joinedReadings = (read: Broker['history']): Broker['history'] => {
  const readings = new Map<string, Promise<History>>()
  return (channel, after, limit) => {
    const name = `${after} ${limit} ${channel}`
    const asked = readings.get(name)
    if (asked !== undefined) return asked
    const reading = endOfTurn().then(() => {
      readings.delete(name)
      return read(channel, after, limit)
    })
    readings.set(name, reading)
    return reading
  }
}
