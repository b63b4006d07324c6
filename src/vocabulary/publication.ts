import type { EventVocabulary } from '../protocol/frame.ts'

/**
 * Translates publications for connections over several channels: `event: publication` with
 * `{"channel","epoch","offset","data"}`.
 */
export const publication: EventVocabulary = ({ channel, epoch, offset, data }) => [
  {
    event: 'publication',
    data: `{"channel":${JSON.stringify(channel)},"epoch":${JSON.stringify(epoch)},"offset":${offset},"data":${data}}`,
  },
]
