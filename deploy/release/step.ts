import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The repository that is looked at. */
export interface Checked {
  readonly root: string
}

/** The outcome of a step, and its reason. */
export interface Outcome {
  state: 'ok' | 'failed' | 'skipped'
  told: string
  /** More lines, below. */
  details?: readonly string[]
}

/** A line of the checklist. */
export interface Step {
  readonly name: string
  /** The statement that its success proves. */
  readonly what: string
  /** Looks; an error that it throws is a failure. */
  run(checked: Checked): Promise<Outcome>
}

export const ok = (told: string, details: readonly string[] = []): Outcome => ({ state: 'ok', told, details })
export const failed = (told: string, details: readonly string[] = []): Outcome => ({
  state: 'failed',
  told,
  details,
})
export const skipped = (told: string): Outcome => ({ state: 'skipped', told })

const run = promisify(execFile)
const LAST_LINES = 12

/**
 * Runs a program to its end, and returns what it wrote to standard output.
 * @throws {Error} with its last lines, when it fails
 */
export const output = async (cwd: string, command: string, ...args: string[]): Promise<string> => {
  try {
    return (await run(command, args, { cwd, maxBuffer: 2 ** 28 })).stdout
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string }
    const lines = `${stdout}${stderr}`.trim().split('\n').slice(-LAST_LINES).join('\n')
    throw new Error(lines || message)
  }
}

/** A step that holds when a program ends with 0; its last line is told. */
export const passes = (name: string, what: string, command: string, ...args: string[]): Step => ({
  name,
  what,
  run: async ({ root }) => ok((await output(root, command, ...args)).trim().split('\n').at(-1) ?? ''),
})
