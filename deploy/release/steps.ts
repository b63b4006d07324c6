import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LEFT_BEHIND, LEFT_FILES, PREVIOUS } from './previous.ts'
import { failed, ok, output, passes, type Step, skipped } from './step.ts'
import { compareSurfaces, surfaceOf } from './surface.ts'
import { todaysDocuments } from './todays-documents.ts'
import { changelogEntries, versionPlaces } from './versions.ts'

const versionOf = (root: string): string => versionPlaces(root)[0]?.version ?? ''
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
const isNewer = (version: string, than: string): boolean =>
  version.localeCompare(than, 'en', { numeric: true }) > 0

const tree: Step = {
  name: 'tree',
  what: 'nothing is left uncommitted',
  async run({ root }) {
    if (!existsSync(join(root, '.git'))) return skipped('no git history here')
    const changed = (await output(root, 'git', 'status', '--porcelain')).split('\n').filter(Boolean)
    return changed.length > 0 ? failed(`${changed.length} files are changed`, changed) : ok('clean')
  },
}

const versions: Step = {
  name: 'versions',
  what: 'packages, lockfile, image, manifests and changelogs name one version, newer than the last release',
  async run({ root }) {
    const places = versionPlaces(root)
    const version = versionOf(root)
    const others = places.filter((one) => one.version !== version)
    if (others.length > 0)
      return failed(
        `package.json has ${version}`,
        others.map((one) => `${one.place} has ${one.version ?? 'none'}`),
      )
    if (!isNewer(version, PREVIOUS.version))
      return failed(`${version} is not newer than ${PREVIOUS.version}: change it in every place`)
    return ok(`${version} in ${places.length} places`)
  },
}

const changelog: Step = {
  name: 'changelog',
  what: 'the newest entry has its day and upgrade notes, and the one below it is the last release',
  async run({ root }) {
    const text = await readFile(join(root, 'CHANGELOG.md'), 'utf8')
    const [newest, before] = changelogEntries(text)
    if (!newest || !isDay(newest.date))
      return failed(`${newest?.version ?? 'the entry'} has no day: write ## version (YYYY-MM-DD)`)
    if (!text.split(/^## /m)[1]?.includes('### Upgrade notes'))
      return failed(`${newest.version} has no ### Upgrade notes`)
    return before?.version === PREVIOUS.version
      ? ok(`${newest.version} of ${newest.date}, after ${before.version}`)
      : failed(`below ${newest.version} stands ${before?.version ?? 'nothing'}, not ${PREVIOUS.version}`)
  },
}

const install: Step = {
  name: 'install',
  what: 'a clean clone installs by `npm ci --ignore-scripts`, and builds',
  async run({ root }) {
    if (!existsSync(join(root, '.git'))) return skipped('no git history to clone')
    const clone = await mkdtemp(join(tmpdir(), 'tributary-release-'))
    try {
      await output(root, 'git', 'clone', '--quiet', `file://${root}`, clone)
      await output(clone, 'npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund')
      await output(clone, 'npm', 'run', '--silent', 'build')
      return ok('installed and built')
    } finally {
      await rm(clone, { recursive: true, force: true })
    }
  },
}

const sbom: Step = {
  name: 'sbom',
  what: 'the bill of materials is made, in `release/`, and names this version',
  async run({ root }) {
    const text = await output(root, 'npm', 'run', '--silent', 'sbom')
    const { metadata, components } = JSON.parse(text)
    const version = versionOf(root)
    if (metadata.component.version !== version)
      return failed(`it names ${metadata.component.version}, not ${version}`)
    const file = `release/tributary-${version}.cdx.json`
    await mkdir(join(root, 'release'), { recursive: true })
    await writeFile(join(root, file), text)
    return ok(`${components.length} components in ${file}`)
  },
}

const interfaces: Step = {
  name: 'interfaces',
  what: 'OpenAPI and AsyncAPI break nothing since the last release, or the major version grows',
  async run({ root }) {
    const before = await readFile(join(root, LEFT_BEHIND, 'interface.txt'), 'utf8')
    const { openApi, asyncApi } = await todaysDocuments()
    const { breaking, compatible } = compareSurfaces(before, surfaceOf(openApi, asyncApi))
    const told = `${breaking.length} breaking, ${compatible.length} compatible changes since ${PREVIOUS.version}`
    const details = [
      ...breaking.map((one) => `breaking   ${one}`),
      ...compatible.map((one) => `compatible ${one}`),
    ]
    const [major] = versionOf(root).split('.')
    const mayBreak = major !== PREVIOUS.version.split('.')[0]
    return breaking.length > 0 && !mayBreak ? failed(told, details) : ok(told, details)
  },
}

const fixtures: Step = {
  name: 'fixtures',
  what: 'what the last release left behind is kept, for the test that takes it over',
  async run({ root }) {
    const missing = LEFT_FILES.filter((file) => !existsSync(join(root, LEFT_BEHIND, file)))
    return missing.length > 0
      ? failed(`missing below ${LEFT_BEHIND}; npm run release:leave writes them`, missing)
      : ok(`${LEFT_FILES.length} files of ${PREVIOUS.version}`)
  },
}

const contents: Step = {
  name: 'package',
  what: 'the client’s package has its entries, types and changelog, and no sources',
  async run({ root }) {
    const text = await output(root, 'npm', 'pack', '--dry-run', '--json', '--workspace', 'client')
    const [packed] = JSON.parse(text.slice(text.indexOf('[')))
    const paths: string[] = packed.files.map(({ path }: { path: string }) => path)
    const wanted = ['dist/index.js', 'dist/index.d.ts', 'dist/react/index.js', 'dist/react/index.d.ts']
    const missing = [...wanted, 'README.md', 'CHANGELOG.md', 'package.json'].filter(
      (one) => !paths.includes(one),
    )
    const strange = paths.filter((path) => !/^dist\/|^(README|CHANGELOG)\.md$|^package\.json$/.test(path))
    if (missing.length + strange.length > 0)
      return failed('it is not what it should be', [
        ...missing.map((path) => `${path} is missing`),
        ...strange.map((path) => `${path} does not belong in it`),
      ])
    return ok(`${packed.name} ${packed.version}, ${paths.length} files, ${packed.size} bytes`)
  },
}

const image: Step = {
  name: 'image',
  what: 'the container is built, and its label names this version',
  async run({ root }) {
    try {
      await output(root, 'docker', 'version')
    } catch {
      return skipped('no docker that answers on this machine')
    }
    const version = versionOf(root)
    const tag = `tributary:${version}`
    await output(root, 'docker', 'build', '--quiet', '--tag', tag, '.')
    const format = '{{index .Config.Labels "org.opencontainers.image.version"}}'
    const label = (await output(root, 'docker', 'image', 'inspect', '--format', format, tag)).trim()
    return label === version ? ok(tag) : failed(`${tag} has the label ${label}`)
  },
}

/** The checklist of a release, in the order in which it is gone through. */
export const STEPS: readonly Step[] = [
  tree,
  versions,
  changelog,
  fixtures,
  passes('lockfile', 'the lockfile fits the packages', 'npm', 'ci', '--dry-run', '--ignore-scripts'),
  passes(
    'licences',
    'licences, checksums and reasons of packages',
    'npm',
    'test',
    '--',
    'test/dependencies.test.ts',
  ),
  passes('lint', 'format and lint', 'npm', 'run', '--silent', 'lint'),
  passes('types', 'types', 'npm', 'run', '--silent', 'types'),
  passes('rooms', 'which room imports which', 'npm', 'run', '--silent', 'rooms'),
  passes('unused', 'no unused file, export or package', 'npm', 'run', '--silent', 'unused'),
  interfaces,
  sbom,
  contents,
  install,
  image,
  passes('tests', 'all tests', 'npm', 'test'),
]
