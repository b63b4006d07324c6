import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { PREVIOUS } from '../../deploy/release/previous.ts'
import { STEPS } from '../../deploy/release/steps.ts'
import { compareSurfaces, surfaceOf } from '../../deploy/release/surface.ts'
import { todaysDocuments } from '../../deploy/release/todays-documents.ts'
import { versionPlaces } from '../../deploy/release/versions.ts'
import { temporaryFolder } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

t.setTimeout(300_000)

const documents = await todaysDocuments()
const { version } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'))

t.test('packages, lockfile, image, manifests, changelogs and interfaces name one version', (t) => {
  for (const { place, version: named } of versionPlaces(fromRoot(''))) t.equal(named, version, place)
  for (const { info } of Object.values(documents)) t.equal(info.version, version, info.title)
  t.end()
})

t.test('the checklist is the one of docs/release.md', async (t) => {
  const page = await readFile(fromRoot('docs/release.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z]+)` \| (.+) \|$/gm)].map(([, name, what]) => [name, what])
  t.same(
    rows,
    STEPS.map(({ name, what }) => [name, what]),
  )
})

/** A folder with what the quick steps look at. */
const copied = async (): Promise<string> => {
  const folder = await temporaryFolder()
  const files = [
    ...['package.json', 'package-lock.json', 'client/package.json', 'console/package.json'],
    ...['Dockerfile', 'docker-compose.yml', 'deploy/kubernetes/kustomization.yaml'],
    ...['CHANGELOG.md', 'client/CHANGELOG.md', `test/release/${PREVIOUS.version}`],
  ]
  for (const file of files) await cp(fromRoot(file), join(folder, file), { recursive: true })
  return folder
}

/** Runs the checklist there. */
const check = (cwd: string, ...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [fromRoot('built/deploy/release/main.js'), ...args],
      { cwd },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
const change = async (folder: string, file: string, from: string | RegExp, to: string): Promise<void> => {
  const text = await readFile(join(folder, file), 'utf8')
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`${file} has no ${from}`)
  await writeFile(join(folder, file), changed)
}

t.test('a release that is not ready is refused, and told what is missing', async (t) => {
  const folder = await copied()
  for (const [file, from] of [
    ['package.json', `"version": "${version}"`],
    ['client/package.json', `"version": "${version}"`],
    ['console/package.json', `"version": "${version}"`],
    ['Dockerfile', `version=${version}`],
    ['docker-compose.yml', `tributary:${version}`],
    ['deploy/kubernetes/kustomization.yaml', `newTag: ${version}`],
  ] as const)
    await change(folder, file, from, from.replace(version, '7.0.1'))
  for (const file of ['CHANGELOG.md', 'client/CHANGELOG.md'])
    await change(
      folder,
      file,
      '\n## ',
      `\n## 7.0.1 (unreleased)\n\n## ${PREVIOUS.version} (2026-11-30)\n\n## `,
    )
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'))
  lock.version = '7.0.1'
  for (const name of ['', 'client', 'console']) lock.packages[name].version = '7.0.1'
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock))

  const [whole, dated] = [
    await check(folder, '--only', 'versions,fixtures'),
    await check(folder, '--only', 'changelog'),
  ]
  t.equal(whole.code, 0, whole.stdout + whole.stderr)
  t.match(whole.stdout, /^ok {6}versions: 7\.0\.1 in 12 places\nok {6}fixtures: 8 files of /m)
  t.equal(dated.code, 1)
  t.match(dated.stdout, /^failed {2}changelog: 7\.0\.1 has no day/m)

  await change(folder, 'CHANGELOG.md', '7.0.1 (unreleased)', '7.0.1 (2027-01-31)\n\n### Upgrade notes\n')
  t.match(await check(folder, '--only=changelog'), {
    code: 0,
    stdout: /ok {6}changelog: 7\.0\.1 of 2027-01-31/,
  })
  await change(folder, 'docker-compose.yml', 'tributary:7.0.1', 'tributary:7.0.0')
  await change(folder, 'Dockerfile', /^LABEL.*\n/m, '')
  const differing = await check(folder, '--only=tree,versions,changelog')
  t.equal(differing.code, 1)
  t.match(differing.stdout, /^skipped tree: .*\nfailed {2}versions: package\.json has 7\.0\.1\n/m)
  t.match(differing.stdout, /^ {8}Dockerfile has none\n {8}docker-compose\.yml has 7\.0\.0\n/m)
  t.match(differing.stdout, /^13 of 16 steps were left out$/m)
  t.match((await check(folder, '--only=version')).stderr, /version is no step; there are tree, versions, /)
})

t.test('changes of the interfaces are told apart', async (t) => {
  const before = surfaceOf(documents.openApi, documents.asyncApi)
  t.same(compareSurfaces(before, before), { breaking: [], compatible: [] })
  const { openApi, asyncApi } = structuredClone(documents)
  const login = openApi.paths['/api/v1/auth/login'].post
  const { schema } = login.requestBody.content['application/json']
  schema.properties.device = { type: 'string' }
  schema.properties.place = { type: 'string' }
  schema.required.push('device')
  const answer = login.responses['200'].content['application/json'].schema
  answer.properties.more = { type: 'integer' }
  delete openApi.paths['/api/v1/streams/{stream_id}/cancel']
  openApi.paths['/api/v2/new'] = { get: { responses: { 200: {} } } }
  const { breaking, compatible } = compareSurfaces(before, surfaceOf(openApi, asyncApi))
  t.same(breaking, [
    '- POST /api/v1/streams/{stream_id}/cancel',
    '+ POST /api/v1/auth/login takes application/json device !',
  ])
  t.same(compatible, [
    '+ GET /api/v2/new',
    '+ POST /api/v1/auth/login gives 200 application/json more',
    '+ POST /api/v1/auth/login takes application/json device',
    '+ POST /api/v1/auth/login takes application/json place',
  ])
  const back = compareSurfaces(surfaceOf(openApi, asyncApi), before)
  t.match(back.breaking, ['- GET /api/v2/new', /more$/, /device$/, /place$/])
})
