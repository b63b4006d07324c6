/**
 * `node image.mjs DIR` puts the built service into DIR with everything that it runs from: `dist/`, `package.json` and the
 * packages that the build left out of `dist/`, with what those depend on. No other package is needed.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { EXTERNAL } from './build.mjs'

const ROOT = import.meta.dirname
/** Replaces the client of PostgreSQL that is in `dist/` where it is installed. */
const MAY_BE_MISSING = 'pg-native'

/** Returns the folder of a package as Node finds it from another folder; undefined where it is not installed. */
const folderOf = (name, from) => {
  const found = join(from, 'node_modules', name)
  if (existsSync(found)) return found
  return from === ROOT ? undefined : folderOf(name, dirname(from))
}

/**
 * Copies a package and what it depends on into `target`, each to the place where it is found.
 * @param needed false for a package that may be missing, as those of other platforms are
 * @throws {Error} when a needed package is not installed
 */
const copyPackage = (name, from, needed, target, copied) => {
  const folder = folderOf(name, from)
  if (folder === undefined && needed) throw new Error(`${name} is not installed`)
  if (folder === undefined || copied.has(folder)) return
  copied.add(folder)
  cpSync(folder, join(target, relative(ROOT, folder)), {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  })
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  for (const one of Object.keys(dependencies ?? {}))
    copyPackage(one, folder, optionalDependencies?.[one] === undefined, target, copied)
  for (const one of Object.keys(optionalDependencies ?? {})) copyPackage(one, folder, false, target, copied)
}

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('node image.mjs DIR')
const copied = new Set()
for (const name of EXTERNAL) copyPackage(name, ROOT, name !== MAY_BE_MISSING, target, copied)
for (const path of ['dist', 'package.json']) cpSync(join(ROOT, path), join(target, path), { recursive: true })
