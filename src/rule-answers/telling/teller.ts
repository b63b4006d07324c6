import { figures } from '../../language/answer/figures.ts'
import { flags } from '../../language/answer/flags.ts'
import { table } from '../../language/answer/table.ts'
import { understanding } from '../../language/answer/understanding.ts'
import { type Format, formatOf } from '../../language/format.ts'
import { LANGUAGES, type Language } from '../../language/language.ts'
import { areaIn, type Told } from '../../language/sentence.ts'

/** The sentences of answers about data in one language, and how it writes figures. */
export interface Teller {
  readonly language: Language
  readonly format: Format
  readonly understanding: Told<typeof understanding>
  readonly figures: Told<typeof figures>
  readonly flags: Told<typeof flags>
  readonly table: Told<typeof table>
}

const TELLERS = new Map<Language, Teller>(
  LANGUAGES.map((language) => [
    language,
    {
      language,
      format: formatOf(language),
      understanding: areaIn(understanding, language),
      figures: areaIn(figures, language),
      flags: areaIn(flags, language),
      table: areaIn(table, language),
    },
  ]),
)

export const tellerOf = (language: Language): Teller => TELLERS.get(language) as Teller
