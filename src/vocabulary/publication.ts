import type { EventVocabulary } from '../protocol/frame.ts'

/** `event: publication` with `{"channel","epoch","offset","data"}`, for connections over several channels. */
export const publication: EventVocabulary = ({ channel, epoch, offset, data }) => [
  {
    event: 'publication',
    data: `{"channel":${JSON.stringify(channel)},"epoch":${JSON.stringify(epoch)},"offset":${offset},"data":${data}}`,
  },
]
