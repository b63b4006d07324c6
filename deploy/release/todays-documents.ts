import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'

/** Returns the documents of this checkout's service, which neither listens nor keeps anything for it. */
export const todaysDocuments = async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'tributary-surface-'))
  try {
    const settings = { DATA_DIR, ADMIN_PASSWORD: 'nobody-signs-in', LOG_LEVEL: 'silent', CONSOLE: 'false' }
    const app = await buildApp(loadConfig(settings))
    const [openApi, asyncApi] = await Promise.all(
      ['/docs/json', '/docs/asyncapi.json'].map(async (url) =>
        JSON.parse((await app.server.inject(url)).body),
      ),
    )
    await app.close()
    return { openApi, asyncApi }
  } finally {
    await rm(DATA_DIR, { recursive: true, force: true })
  }
}
