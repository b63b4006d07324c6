import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A directory that exists as long as one piece of work; declare it with `await using`. */
export interface Workspace extends AsyncDisposable {
  readonly path: string
}

/** Makes directories for work in progress, all below one. */
export interface Workspaces {
  open(purpose: string): Promise<Workspace>
  /** Removes the directories of processes that have ended; must be called before the first `open`. */
  sweep(): Promise<void>
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Makes workspaces below `root`. Each directory's name begins with the process id of its maker, by which `sweep`
 * recognises whether it is still in use.
 */
export const workspaces = (root: string): Workspaces => ({
  async open(purpose) {
    const path = join(root, `${process.pid}-${purpose}-${randomUUID()}`)
    await mkdir(path, { recursive: true, mode: 0o700 })
    return {
      path,
      [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
    }
  },
  async sweep() {
    await mkdir(root, { recursive: true })
    for (const name of await readdir(root)) {
      const pid = Number(name.split('-', 1)[0])
      if (pid === process.pid || !alive(pid)) await rm(join(root, name), { recursive: true, force: true })
    }
  },
})
