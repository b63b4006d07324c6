import t from 'tap'
import { type Answer, startVendor } from './vendor.ts'

/** A loopback vendor, closed when the file's tests are over. */
export const openXai = async () => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  return {
    vendor,
    /** Settings under which it answers alone, as `xai`, asked once. */
    env: {
      LLM_PROVIDERS: 'xai',
      XAI_API_KEY: 'k',
      XAI_MODEL: 'grok',
      XAI_BASE_URL: `${vendor.url}/v1`,
      PROVIDER_MAX_RETRIES: '0',
      PROVIDER_BREAKER_THRESHOLD: '1000',
    },
    /** Answers what is asked next, and finds it again. */
    next(...answers: Answer[]) {
      vendor.answers(...answers)
      const nth = vendor.asked.length
      return {
        /** @param after requests that come before it */
        asked: (after = 0) => vendor.arrived(nth + after),
        closed: () => vendor.closed(nth),
      }
    },
  }
}
