import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { LEFT_BEHIND, PREVIOUS } from '../../deploy/release/previous.ts'
import { temporaryFolder } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

/** Returns the path of something that the previous release left behind. */
export const leftBehind = (name: string): string => fromRoot(join(LEFT_BEHIND, name))

const git = (...args: string[]): Buffer =>
  execFileSync('git', args, { cwd: fromRoot(''), stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 })

/** Tells whether the history of this checkout reaches back to the previous release; that of a shallow clone does not. */
const hasPrevious = (): boolean => {
  try {
    git('cat-file', '-e', `${PREVIOUS.commit}^{commit}`)
    return true
  } catch {
    return false
  }
}

/**
 * Builds the previous release from history, with its own build and the packages that are installed here. Returns its
 * folder, which is removed when the test file is over.
 * @throws {Error} in a clone whose history is too short
 */
export const buildPrevious = async (): Promise<string> => {
  if (!hasPrevious()) throw new Error(`${PREVIOUS.version} is not in this history: git fetch --unshallow`)
  const root = await temporaryFolder()
  execFileSync('tar', ['-x', '-C', root], { input: git('archive', PREVIOUS.commit) })
  symlinkSync(fromRoot('node_modules'), join(root, 'node_modules'))
  execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  return root
}
