import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A place of the repository that names the version of this release. */
export interface VersionPlace {
  place: string
  /** Undefined where it names none. */
  version: string | undefined
}

/** Matches the heading of a changelog's entry: version, and the day of its release or a word that there is none yet. */
const ENTRY = /^## (\d+\.\d+\.\d+) \((.+)\)$/gm

/** Reads the headings of a changelog, the newest first. */
export const changelogEntries = (text: string): { version: string; date: string }[] =>
  [...text.matchAll(ENTRY)].map(([, version, date]) => ({ version: String(version), date: String(date) }))

/** Reads the version in every place under `root` that names it; `package.json` comes first, which decides. */
export const versionPlaces = (root: string): VersionPlace[] => {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  const inJson = (file: string): VersionPlace => ({ place: file, version: JSON.parse(read(file)).version })
  const matched = (file: string, pattern: RegExp): VersionPlace => ({
    place: file,
    version: pattern.exec(read(file))?.[1],
  })
  const { version, packages } = JSON.parse(read('package-lock.json'))
  return [
    inJson('package.json'),
    inJson('client/package.json'),
    inJson('console/package.json'),
    { place: 'package-lock.json', version },
    ...['', 'client', 'console'].map((name) => ({
      place: `package-lock.json, packages["${name}"]`,
      version: packages[name]?.version,
    })),
    matched('Dockerfile', /^LABEL org\.opencontainers\.image\.version=(\S+)$/m),
    matched('docker-compose.yml', /^ {4}image: tributary:(\S+)$/m),
    matched('deploy/kubernetes/kustomization.yaml', /^ {4}newTag: (\S+)$/m),
    ...['CHANGELOG.md', 'client/CHANGELOG.md'].map((file) => ({
      place: file,
      version: changelogEntries(read(file))[0]?.version,
    })),
  ]
}
