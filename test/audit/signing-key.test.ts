import { generateKeyPairSync } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { keptSigningKey, pemSigningKey } from '../../src/audit/signing-key.ts'
import { loadConfig } from '../../src/config.ts'
import { temporaryFolder } from '../support/process.ts'

const pemOf = ({ privateKey }: ReturnType<typeof generateKeyPairSync>): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const ed25519 = () => pemOf(generateKeyPairSync('ed25519') as never)

const settings = async (more: Record<string, string>) =>
  loadConfig({
    DATA_DIR: await temporaryFolder(),
    ADMIN_PASSWORD: 'a good password',
    LOG_LEVEL: 'silent',
    ...more,
  })

t.test('the key of the settings signs: as PEM, on one line, and from a file', async (t) => {
  const pem = ed25519()
  const { id } = pemSigningKey(pem)
  const file = join(await temporaryFolder(), 'key.pem')
  await writeFile(file, pem)
  for (const more of [
    { AUDIT_SIGNING_KEY: pem },
    { AUDIT_SIGNING_KEY: pem.trimEnd().replaceAll('\n', '\\n') },
    { AUDIT_SIGNING_KEY_FILE: file },
  ] as Record<string, string>[]) {
    const config = await settings(more)
    const app = await buildApp(config)
    const { key_id } = await app.server.auditLog.checkpoint()
    t.equal(key_id, id)
    t.match(await app.server.auditLog.verify(), { valid: true })
    await t.rejects(stat(join(config.DATA_DIR, 'audit-key.pem')), { code: 'ENOENT' }, 'no other one is made')
    await app.close()
  }
})

t.test('a key that is none stops the start, and is named but not shown', async (t) => {
  const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }) as never)
  const file = join(await temporaryFolder(), 'key.pem')
  await writeFile(file, 'no key at all')
  for (const [more, field, reason] of [
    [{ AUDIT_SIGNING_KEY: 'nonsense' }, 'AUDIT_SIGNING_KEY', /Ed25519/],
    [{ AUDIT_SIGNING_KEY: rsa }, 'AUDIT_SIGNING_KEY', /Ed25519/],
    [{ AUDIT_SIGNING_KEY_FILE: file }, 'AUDIT_SIGNING_KEY_FILE', /Ed25519/],
    [{ AUDIT_SIGNING_KEY_FILE: `${file}.gone` }, 'AUDIT_SIGNING_KEY_FILE', /ENOENT/],
  ] as [Record<string, string>, string, RegExp][]) {
    const refused = buildApp(await settings(more))
    await t.rejects(refused, { name: 'ConfigError', errors: [{ field, reason }] })
    await refused.catch(({ message }) => t.notMatch(message, /nonsense|BEGIN|no key/))
  }
  await t.rejects(
    settings({ AUDIT_SIGNING_KEY: ed25519(), AUDIT_SIGNING_KEY_FILE: file }),
    { errors: [{ field: 'AUDIT_SIGNING_KEY_FILE' }] },
    'there is one or the other',
  )
})

t.test('of those who make the kept key at once, all get the same', async (t) => {
  const folder = await temporaryFolder()
  const keys = await Promise.all(Array.from({ length: 8 }, () => keptSigningKey(folder)))
  t.equal(new Set(keys.map(({ id }) => id)).size, 1)
  t.equal((await keptSigningKey(folder)).id, keys[0]?.id)
  t.equal((await stat(join(folder, 'audit-key.pem'))).mode & 0o777, 0o600)
})
