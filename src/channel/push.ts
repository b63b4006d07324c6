import type { Publication } from './broker.ts'

const COLON = 0x3a
const SEVERAL = 0x2a

/** Reads `<offset>`, or `<offset>;<traceparent>`. */
const readPlace = (place: string): { offset: number; trace?: string } => {
  const end = place.indexOf(';')
  return end < 0
    ? { offset: Number(place) }
    : { offset: Number(place.slice(0, end)), trace: place.slice(end + 1) }
}

/** Writes publications that follow each other in one channel as one push, as `lua/publish.lua` does. */
export const writePush = (publications: readonly Publication[]): Buffer => {
  const [{ epoch, offset, trace, data }] = publications as [Publication]
  const place = `${epoch}:${offset}${trace === undefined ? '' : `;${trace}`}:`
  if (publications.length === 1) return Buffer.from(place + data)
  const sizes = publications.map(({ data }) => Buffer.byteLength(data))
  return Buffer.from(`*${place}${sizes.join(',')}:${publications.map(({ data }) => data).join('')}`)
}

/** Reads the publications of one push, which {@link writePush} or `lua/publish.lua` has written. */
export function readPush(channel: string, message: Buffer): Publication[] {
  const isSeveral = message[0] === SEVERAL
  const afterEpoch = message.indexOf(COLON)
  const afterPlace = message.indexOf(COLON, afterEpoch + 1)
  const epoch = message.toString('latin1', isSeveral ? 1 : 0, afterEpoch)
  const place = readPlace(message.toString('latin1', afterEpoch + 1, afterPlace))
  if (!isSeveral) return [{ channel, epoch, ...place, data: message.toString('utf8', afterPlace + 1) }]
  const afterSizes = message.indexOf(COLON, afterPlace + 1)
  let at = afterSizes + 1
  return message
    .toString('latin1', afterPlace + 1, afterSizes)
    .split(',')
    .map((bytes, index) => {
      const data = message.toString('utf8', at, at + Number(bytes))
      at += Number(bytes)
      return { channel, epoch, ...place, offset: place.offset + index, data }
    })
}
