import { readFile } from 'node:fs/promises'
import t from 'tap'
import { fromRoot } from './support/root.ts'

/** The fields that are looked at of a package in the lockfile, and of a `package.json`. */
interface Package {
  license?: string
  integrity?: string
  dev?: boolean
  link?: boolean
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  allowScripts?: Record<string, boolean>
}

const readJson = async (file: string) => JSON.parse(await readFile(fromRoot(file), 'utf8'))
const page = await readFile(fromRoot('docs/dependencies.md'), 'utf8')
const root: Package = await readJson('package.json')
const lock: { packages: Record<string, Package> } = await readJson('package-lock.json')
/** Packages of the registry, by their place. */
const installed = Object.entries(lock.packages).filter(
  ([place, { link }]) => place.includes('node_modules/') && !link,
)
const nameOf = (place: string): string => place.replace(/^.*node_modules\//, '')
const rowsOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('| `'))
/** Names in the first cells of the tables of a text. */
const explainedIn = (text: string): string[] =>
  rowsOf(text).flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => String(name)),
  )

t.test('each package that is named has its reason, and no other has one', async (t) => {
  const manifests: Package[] = [
    root,
    await readJson('client/package.json'),
    await readJson('console/package.json'),
  ]
  const named = manifests.flatMap(({ dependencies, devDependencies, peerDependencies }) =>
    Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
  )
  const explained = explainedIn(page)
  t.same(explained.toSorted(), [...new Set(explained)].toSorted(), 'each once')
  const ours = '@tributary/client'
  t.same(
    explained.filter((name) => name !== ours).toSorted(),
    [...new Set(named)].filter((name) => name !== ours).toSorted(),
  )
  for (const row of rowsOf(page)) t.match(row, /^\| .{4,} \| .{4,} \| .{4,} \|$/, row)
})

t.test('what is shipped and what builds it have licences that were agreed to', async (t) => {
  const listed = (what: string) =>
    new RegExp(`^Licences of ${what}[^:]*: (.+)\\.$`, 'm').exec(page)?.[1]?.split(', ') ?? []
  const shipped = listed('what the service')
  const tools = [...shipped, ...listed('tools')]
  t.ok(shipped.length > 3 && tools.length > shipped.length)
  const bundled = explainedIn(page.split(/^## /m).find((part) => part.startsWith('The client and')) ?? '')
  for (const [place, { license, dev }] of installed) {
    const found = license ?? (await readJson(`${place}/package.json`)).license ?? (await licenceFile(place))
    const choices = String(found).replace(/[()]/g, '').split(' OR ')
    t.ok(
      choices.some((one) => (dev && !bundled.includes(nameOf(place)) ? tools : shipped).includes(one)),
      `${nameOf(place)}: ${found}`,
    )
  }
  t.comment(`${installed.length} packages`)
})

/** Reads the name of the licence from the file of a package that does not name it elsewhere. */
const licenceFile = async (place: string): Promise<string> =>
  /^(?:The )?(\w+) License/i.exec(await readFile(fromRoot(`${place}/license`), 'utf8'))?.[1] ?? 'none'

t.test('every package has a checksum, and no other than those named runs a script', async (t) => {
  t.same(
    installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([place]) => place),
    [],
  )
  t.same(
    Object.keys(root.allowScripts ?? {}).filter(
      (name) =>
        !installed.some(([place, { hasInstallScript }]) => hasInstallScript && nameOf(place) === name),
    ),
    [],
    'nobody is allowed a script that it has not',
  )
  for (const { dependencies, devDependencies } of [root, await readJson('client/package.json')])
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      t.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${name} is exact`)
})
