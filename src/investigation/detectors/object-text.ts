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
const PARTS = new Set(
  'lote lt grupo item bloco etapa fase parcela anexo trecho turma modulo lot phase package stage tramo paquete'.split(
    ' ',
  ),
)

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

/** Words by which purchases are announced, whatever is bought. */
const ANNOUNCING = new Set(
  (
    'aquisicao aquisicoes compra compras contratacao contratacoes fornecimento prestacao execucao realizacao servico ' +
    'servicos empresa especializada especializado objeto contrato despesa despesas pagamento referente atender ' +
    'atendimento necessidades demanda conforme para com pela pelo adquisicion adquisiciones contratacion suministro ' +
    'servicio servicios prestacion ejecucion adquirir contratar acquisition purchase purchases supply service ' +
    'services provision contract procurement with from that por dos das nos nas uma sem sob del los las una con sin the and for'
  ).split(' '),
)
const SHORTEST_NAME = 3

/** Tells whether two words are spellings of one: an abbreviation, an ending or a slip of a letter or two apart. */
function sameWord(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (long.startsWith(short) || long.slice(0, -2) === short.slice(0, -1)) return true
  const slips = short.length > 6 ? 2 : 1
  if (long.length - short.length > slips) return false
  let row = Array.from({ length: long.length + 1 }, (_, at) => at)
  for (let i = 1; i <= short.length; i++) {
    const next = [i]
    for (let j = 1; j <= long.length; j++)
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (short[i - 1] === long[j - 1] ? 0 : 1),
      )
    row = next
  }
  return (row[long.length] as number) <= slips
}

/**
 * Tells whether each of two texts names something that the other does not, apart from spelling: two places, ships or
 * schools in one form of words. What only one of them adds is not held against them.
 */
export const nameOthers = (a: ObjectText, b: ObjectText): boolean => {
  const only = (text: ObjectText, other: ObjectText): string[] =>
    [...text.words].filter(
      (word) =>
        word.length >= SHORTEST_NAME && !/\d/.test(word) && !other.words.has(word) && !ANNOUNCING.has(word),
    )
  const [left, right] = [only(a, b), only(b, a)]
  const apart = (words: readonly string[], others: ReadonlySet<string>): boolean =>
    words.some((word) => ![...others].some((other) => other.length > 1 && sameWord(word, other)))
  return apart(left, b.words) && apart(right, a.words)
}
