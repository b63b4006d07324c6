import type { EventVocabulary, PublicationText } from '../protocol/frame.ts'

/** How a WebSocket room speaks of a channel. */
export interface SocketVocabulary {
  /** One text frame for each event. */
  events: EventVocabulary
  /** The frame of an event that is told from the store and so has no position. */
  told(channel: string, data: string): string
}

/** `event{channel,offset,epoch,data}`, for connections over any channels. */
export const channelFrames: SocketVocabulary = {
  events: ({ channel, epoch, offset, data }) => [
    {
      data: `{"type":"event","channel":${JSON.stringify(channel)},"offset":${offset},"epoch":${JSON.stringify(epoch)},"data":${data}}`,
    },
  ],
  told: (channel, data) => `{"type":"event","channel":${JSON.stringify(channel)},"data":${data}}`,
}

const positioned = ({ epoch, offset, data }: PublicationText): string => {
  const end = data.lastIndexOf('}')
  const empty = /^\s*\{\s*$/.test(data.slice(0, end))
  return `${data.slice(0, end)}${empty ? '' : ','}"offset":${offset},"epoch":${JSON.stringify(epoch)}}`
}

/** The event's own object with `offset` and `epoch` beside its fields, for rooms of one channel. */
export const roomFrames: SocketVocabulary = {
  events: (publication) => [{ data: positioned(publication) }],
  told: (_channel, data) => data,
}
