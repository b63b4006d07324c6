import type { Answering } from './answering.ts'
import { paragraphs, plain, table } from './markdown.ts'
import { datasetPage } from './telling/links.ts'

/** Datasets that are listed. */
const LISTED = 10

/** Lists the caller's datasets, newest first. */
export const datasetsAnswer = async ({
  knowledge,
  texts,
  teller: { format },
}: Answering): Promise<string> => {
  const datasets = await knowledge.datasets()
  if (datasets.length === 0) return texts.noDatasets
  const rows = datasets
    .slice(0, LISTED)
    .map((one) => [
      `[**${plain(one.name)}**](${datasetPage(one.dataset_id)})`,
      format.number(one.rows),
      format.day(one.created_at.slice(0, 10)),
    ])
  return paragraphs(
    table(texts.datasetsHead, rows),
    datasets.length > LISTED && texts.andMore(format.number(datasets.length - LISTED)),
    datasets.some((one) => one.synthetic) && `**sample**: ${texts.synthetic}`,
    datasets.some((one) => !one.synthetic) && texts.uploaded,
  )
}
