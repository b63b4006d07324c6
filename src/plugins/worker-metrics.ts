import cluster from 'node:cluster'
import { randomUUID } from 'node:crypto'
import promClient, { type Registry } from 'prom-client'
import { within } from '../deadline.ts'

/** A worker's question for the metrics of all workers, and its answer. */
interface Scrape {
  scrape: string
  text?: string
}

const SCRAPE_MS = 5000

const isScrape = (message: unknown): message is Scrape =>
  typeof message === 'object' && message !== null && 'scrape' in message

/** Answers the workers' questions for the metrics of all; for the process that started them. */
export const answerScrapes = (): void => {
  const all = new promClient.AggregatorRegistry()
  cluster.on('message', (worker, message: unknown) => {
    if (!isScrape(message)) return
    all.clusterMetrics().then(
      (text) => worker.send({ scrape: message.scrape, text } satisfies Scrape),
      () => undefined,
    )
  })
}

/**
 * Returns the function that reads the metrics of all workers, for a scrape that reaches any of them: counts are added up,
 * and what all see alike is told once. In a process that is no worker it reads its own.
 */
export const scraping = (registry: Registry): (() => Promise<string>) => {
  if (!cluster.isWorker) return () => registry.metrics()
  promClient.AggregatorRegistry.setRegistries([registry])
  // Made for its listener, which tells this worker's metrics.
  new promClient.AggregatorRegistry()
  const asked = new Map<string, (text: string) => void>()
  process.on('message', (message: unknown) => {
    if (isScrape(message) && message.text !== undefined) asked.get(message.scrape)?.(message.text)
  })
  return async () => {
    const scrape = randomUUID()
    const answer = new Promise<string>((resolve) => asked.set(scrape, resolve))
    process.send?.({ scrape } satisfies Scrape)
    try {
      return await within(answer, SCRAPE_MS, () => {
        throw new Error(`the workers did not tell their metrics in ${SCRAPE_MS} ms`)
      })
    } finally {
      asked.delete(scrape)
    }
  }
}
