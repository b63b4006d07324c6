import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Returns the path of a file of the repository, which is where tests are started from. */
export const fromRoot = (path: string): string => join(process.cwd(), path)

/** Returns the address of a source file as it was compiled, for a process or thread that is to import it. */
export const compiled = (path: string): string =>
  pathToFileURL(fromRoot(join('built', path.replace(/\.ts$/, '.js')))).href
