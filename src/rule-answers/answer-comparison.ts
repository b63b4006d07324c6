import type { Party } from '../knowledge/fact.ts'
import { sourced } from './answer-data.ts'
import { plain, table } from './format.ts'
import { type Answering, type Scope, scopeOf } from './scope.ts'

/** Parties that one answer compares. */
const MOST_COMPARED = 6

interface Compared {
  kind: Party
  name: string
}

/** Matches words behind a name that give a place: "Oi no dataset compras". */
const PLACE = /\s+(?:no|na|nos|nas|em|in|en|do|da|of|del|from)\s+\S.*$/iu
const ARTICLES = /^(?:(?:os|as|o|a|el|la|los|las|the|de|da|do)\s+)+/iu

/** Finds the supplier or the public body in the data that a name stands for. */
const partyCalled = async (
  { knowledge, signal }: Answering,
  { dataset }: Scope,
  written: string,
): Promise<Compared | undefined> => {
  const bare = written.replace(ARTICLES, '')
  for (const text of new Set([bare, bare.replace(PLACE, '')]))
    for (const kind of ['supplier', 'unit', 'buyer'] as const) {
      const [best] = await knowledge.names(dataset.dataset_id, kind, text, 1, { signal })
      if (best?.exact) return { kind: kind === 'supplier' ? 'supplier' : 'buyer', name: best.name }
    }
  return undefined
}

/**
 * Compares suppliers or public bodies in a table, the largest first; returns undefined when the data has fewer than
 * two of them.
 */
export const comparisonAnswer = async (answering: Answering): Promise<string | undefined> => {
  const { knowledge, texts, format, asked, signal } = answering
  const written = asked.cues.compared.slice(0, MOST_COMPARED)
  if (written.length < 2 || asked.cues.years.length > 1) return undefined
  const scope = await scopeOf(answering, { buyer: false, supplier: false })
  if (typeof scope === 'string') return undefined
  const parties: Compared[] = []
  const missing: string[] = []
  for (const text of written) {
    const party = await partyCalled(answering, scope, text)
    if (party === undefined) missing.push(text)
    else if (!parties.some(({ name }) => name === party.name)) parties.push(party)
  }
  if (parties.length < 2) return undefined
  const figures = []
  for (const { kind, name } of parties) {
    const slice = { ...scope.slice, [kind]: name }
    const { contracts, total_value, median_value } = await knowledge.overview(
      scope.dataset.dataset_id,
      slice,
      { signal },
    )
    figures.push({ name, contracts, total_value, median_value })
  }
  figures.sort((a, b) => b.total_value - a.total_value)
  const [first, second] = figures as [(typeof figures)[0], (typeof figures)[0]]
  return sourced(
    scope,
    missing.length > 0 && texts.notCompared(missing.map((text) => `“${plain(text)}”`).join(', ')),
    table(
      texts.comparisonColumns,
      figures.map((one) => [
        plain(one.name),
        format.number(one.contracts),
        format.money(one.total_value),
        one.median_value === null ? '—' : format.money(one.median_value),
      ]),
    ),
    texts.together(format.money(figures.reduce((sum, { total_value }) => sum + total_value, 0))),
    second.total_value > 0 &&
      texts.timesAsMuch(
        plain(first.name),
        plain(second.name),
        format.times(first.total_value / second.total_value),
      ),
  )
}
