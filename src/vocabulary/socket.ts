import type { MessageVocabulary, PublicationText } from '../protocol/frame.ts'

/** `event{channel,offset,epoch,data}`, for connections over any channels. */
export const channelFrames: MessageVocabulary = {
  events: ({ channel, epoch, offset, data }) => [
    {
      data: `{"type":"event","channel":${JSON.stringify(channel)},"offset":${offset},"epoch":${JSON.stringify(epoch)},"data":${data}}`,
    },
  ],
  told: (channel, data) => `{"type":"event","channel":${JSON.stringify(channel)},"data":${data}}`,
  ended: (channel, reason) => JSON.stringify({ type: 'unsubscribed', channel, reason }),
}

const positioned = ({ epoch, offset, data }: PublicationText): string => {
  const end = data.lastIndexOf('}')
  const empty = /^\s*\{\s*$/.test(data.slice(0, end))
  return `${data.slice(0, end)}${empty ? '' : ','}"offset":${offset},"epoch":${JSON.stringify(epoch)}}`
}

/** The event's own object with `offset` and `epoch` beside its fields, for rooms of one channel. */
export const roomFrames: MessageVocabulary = {
  events: (publication) => [{ data: positioned(publication) }],
  told: (_channel, data) => data,
}
