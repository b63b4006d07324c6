import type { Page } from 'playwright-core'
import t from 'tap'
import { type Process, startProcess } from '../support/process.ts'
import { type LoopbackVendor, startVendor } from '../support/vendor.ts'
import { newProfile, signIn } from './browser.ts'

/** A service that asks a vendor whose answers the test decides, and a reader of its chat. */
export interface Speaking {
  vendor: LoopbackVendor
  service: Process
  page: Page
  /** Settings with which the same service starts again. */
  env: Record<string, string>
}

/** Starts a vendor and a service that asks it alone, and signs a reader in to its chat. */
export const speaking = async (settings: Record<string, string> = {}): Promise<Speaking> => {
  const vendor = await startVendor()
  t.teardown(() => vendor.close())
  const env = {
    LLM_PROVIDERS: 'lmstudio',
    LMSTUDIO_BASE_URL: `${vendor.url}/v1`,
    LMSTUDIO_MODEL: 'loopback',
    JWT_SECRET: 'x'.repeat(40),
    // The test decides when a piece comes, however long its pages take before that.
    STREAMING_TIMEOUT_MS: '3600000',
    ...settings,
  }
  const service = await startProcess(env)
  const context = await newProfile(service.url)
  t.teardown(() => context.close())
  const page = await context.newPage()
  await signIn(page, '/chat')
  return {
    vendor,
    service,
    page,
    env: { ...env, DATA_DIR: service.dataDir, PORT: new URL(service.url).port },
  }
}

/** Says something in the open conversation. */
export const say = async (page: Page, text: string): Promise<void> => {
  const box = page.getByRole('textbox', { name: 'Message' })
  await box.fill(text)
  await box.press('Enter')
}

/** The answers of the open conversation, in a state of theirs. */
export const answers = (page: Page, state: 'streaming' | 'complete' | 'cancelled' | 'error') =>
  page.locator(`li[data-role=assistant][data-state=${state}]`)
