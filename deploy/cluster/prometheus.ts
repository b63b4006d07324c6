import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { program } from '../../test/support/program.ts'
import type { Program } from './program.ts'

export interface PrometheusPlace {
  /** Where its files are. */
  directory: string
  port: number
  /** `host:port` of each instance. */
  instances: readonly string[]
  /** How often it reads them. */
  seconds: number
  /** A file of alerts. */
  alerts?: string
}

/**
 * Returns a Prometheus on 127.0.0.1 that reads every instance.
 * @throws {Error} with the line that installs it
 */
export const prometheusProgram = async (place: PrometheusPlace): Promise<Program> => {
  const { directory, port, instances, seconds, alerts } = place
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'prometheus.yml')
  const interval = `${seconds}s`
  await writeFile(
    file,
    JSON.stringify({
      global: { scrape_interval: interval, evaluation_interval: interval },
      rule_files: alerts === undefined ? [] : [alerts],
      scrape_configs: [{ job_name: 'tributary', static_configs: [{ targets: instances }] }],
    }),
  )
  return {
    name: 'prometheus',
    command: program('prometheus', 'prometheus'),
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: /Server is ready to receive web requests/,
  }
}
