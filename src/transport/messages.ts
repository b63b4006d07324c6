import { constants, deflateRawSync } from 'node:zlib'
import { packing } from './shared-write.ts'

/** First byte of a text message that is one frame. @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const TEXT = 0x81
/** The same of a compressed one. @see https://www.rfc-editor.org/rfc/rfc7692#section-7.2.1 */
const DEFLATED_TEXT = 0xc1
/** Length of the end of a flushed block, which a compressed message leaves out. */
const FLUSH_BYTES = 4
/** Shorter texts are not worth the time of a browser. */
const MIN_DEFLATED_BYTES = 128

/** Returns a WebSocket frame of up to 64 KiB from a server, which masks nothing. */
const frame = (first: number, body: Buffer): Buffer[] => [
  body.length < 126
    ? Buffer.from([first, body.length])
    : Buffer.from([first, 126, body.length >> 8, body.length & 0xff]),
  body,
]

const deflated = (text: Buffer): Buffer => {
  const bytes = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
  return bytes.subarray(0, bytes.length - FLUSH_BYTES)
}

/** Makes WebSocket messages of texts, once for all who get the same ones. */
export const plainMessages = packing((texts) => Buffer.concat(texts.flatMap((text) => frame(TEXT, text))))

/** Makes compressed WebSocket messages of texts, each by itself, once for all who get the same ones. */
export const deflatedMessages = packing((texts) =>
  Buffer.concat(
    texts.flatMap((text) => {
      const body = text.length < MIN_DEFLATED_BYTES ? text : deflated(text)
      return body.length < text.length ? frame(DEFLATED_TEXT, body) : frame(TEXT, text)
    }),
  ),
)
