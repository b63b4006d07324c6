import type { MessageVocabulary, PublicationText } from '../protocol/frame.ts'

/** Translates publications for WebSockets over any channels: `event{channel,offset,epoch,data}`. */
export const channelFrames: MessageVocabulary = {
  events: ({ channel, epoch, offset, data }) => [
    {
      data: `{"type":"event","channel":${JSON.stringify(channel)},"offset":${offset},"epoch":${JSON.stringify(epoch)},"data":${data}}`,
    },
  ],
  replayed: (channel, data) => `{"type":"event","channel":${JSON.stringify(channel)},"data":${data}}`,
  ended: (channel, reason) => JSON.stringify({ type: 'unsubscribed', channel, reason }),
}

const positioned = ({ epoch, offset, data }: PublicationText): string => {
  const end = data.lastIndexOf('}')
  const empty = /^\s*\{\s*$/.test(data.slice(0, end))
  return `${data.slice(0, end)}${empty ? '' : ','}"offset":${offset},"epoch":${JSON.stringify(epoch)}}`
}

/**
 * Translates publications for rooms of one channel: the event's own object with `offset` and `epoch` among its
 * fields.
 */
export const roomFrames: MessageVocabulary = {
  events: (publication) => [{ data: positioned(publication) }],
  replayed: (_channel, data) => data,
}
