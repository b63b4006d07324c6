import { unaccented } from '../../language/folding.ts'

const MONTHS: Readonly<Record<string, string>> = {
  janeiro: '1',
  fevereiro: '2',
  marco: '3',
  abril: '4',
  maio: '5',
  junho: '6',
  julho: '7',
  agosto: '8',
  setembro: '9',
  outubro: '10',
  novembro: '11',
  dezembro: '12',
}
const NUMBER_WORDS = new Set(
  (
    'primeiro primeira segundo segunda terceiro terceira quarto quarta quinto quinta sexto sexta ' +
    'setimo setima ' +
    'oitavo oitava nono nona decimo decima jan fev mar abr mai jun jul ago set out nov dez ' +
    'ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx'
  ).split(' '),
)
/** Words behind which a number, a letter or a word identifies a part of a purchase. */
const PARTS = new Set('lote lt grupo item bloco etapa fase parcela anexo trecho turma modulo'.split(' '))

/** The words of a contract's object, and those of them that count as numbers. */
export interface ObjectText {
  words: ReadonlySet<string>
  /** Numbers, months, ordinals and names of parts, in order, without leading zeros. */
  numbers: readonly string[]
  /** The same numbers, each with the word before it. */
  placed: readonly string[]
}

/**
 * Reads a contract's object. Accents, case and punctuation do not count; `Lote 01`, `lote 1` and `LOTE Nº 1` have
 * the same number, `março/2024` and `03/2024` too.
 */
export const readObject = (text: string): ObjectText => {
  const tokens = unaccented(text)
    .replace(/(?<![\d./-])\d{1,3}(?:\.\d{3})+(?![\d./-])/g, (number) => number.replaceAll('.', ''))
    .replace(/(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu, ' ')
    .split(/[^\p{L}\p{Nd}]+/u)
    .filter((token) => token !== '' && !/^(n|no|nº|numero|o|a)$/.test(token))
  const numbers: string[] = []
  const placed: string[] = []
  const words = new Set<string>()
  tokens.forEach((token, i) => {
    const before = tokens[i - 1] ?? ''
    const number = /^\p{Nd}+$/u.test(token)
      ? token.replace(/^0+(?=.)/, '')
      : (MONTHS[token] ?? (NUMBER_WORDS.has(token) || PARTS.has(before) ? token : null))
    words.add(number ?? token)
    if (number === null) return
    numbers.push(number)
    placed.push(`${before} ${number}`)
  })
  return { words, numbers, placed }
}

const sorted = (list: readonly string[]): string => [...list].sort().join(' ')

/** Returns the sorted numbers: texts with different ones are never the same object. */
export const numbersOf = (text: ObjectText): string => sorted(text.numbers)

/** Returns the share of words that two texts have in common (Jaccard), 0–1. */
export const likeness = (a: ObjectText, b: ObjectText): number => {
  let common = 0
  for (const word of a.words) if (b.words.has(word)) common += 1
  const either = a.words.size + b.words.size - common
  return either === 0 ? 0 : common / either
}

/** Tells whether two texts have the same numbers: in the same order, or each behind the same word. */
export const sameNumbers = (a: ObjectText, b: ObjectText): boolean =>
  a.numbers.join(' ') === b.numbers.join(' ') || sorted(a.placed) === sorted(b.placed)
