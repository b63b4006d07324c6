import { Problem } from '../../errors.ts'
import type { Sentence } from '../../language/sentence.ts'
import type { Canonical } from './canonical.ts'
import { type Content, contentFit } from './content.ts'
import { currencyIn } from './currency.ts'
import { headerWords } from './header-name.ts'

/** Columns that a table of contracts should have, most needed first. */
const WANTED: readonly Canonical[] = [
  'final_value',
  'supplier_name',
  'buyer_name',
  'object',
  'contract_number',
  'signed_at',
]
const AMOUNTS: readonly Canonical[] = ['final_value', 'updated_initial_value', 'initial_value', 'unit_price']
const MOST_HEADERS = 200

/** A table that cannot be used, with what was recognised of it. */
export interface UnusableTable {
  names: readonly string[]
  columns?: ReadonlyMap<Canonical, number>
  contents?: readonly Content[]
}

/** The `mapping` that would help with a table: what is sure enough to be sent back as it is, and what has to be asked. */
export interface Hint {
  /** Canonical column → header. */
  mapping: Record<string, string>
  /** How sure each of them is, 0–1. */
  confidence: Record<string, number>
  /** Wanted columns that nothing sure was found for → headers that may be meant. */
  questions: Record<string, string[]>
}

/** Confidence of a column that was recognised by its name, and of one that alone has fitting content and words. */
const NAMED = 0.9
const GUESSED = 0.6
const MOST_CANDIDATES = 6

/** Finds the mapping that would help with a table. A guess that is one of several, or an estimate, is a question. */
export function hintFor({ names, columns = new Map(), contents = [] }: UnusableTable): Hint {
  const hint: Hint = { mapping: {}, confidence: {}, questions: {} }
  const take = (canonical: Canonical, column: number, confidence: number): void => {
    hint.mapping[canonical] = names[column] as string
    hint.confidence[canonical] = confidence
  }
  for (const [canonical, column] of columns) if (names[column] !== '') take(canonical, column, NAMED)
  const used = new Set(columns.values())
  for (const canonical of missingOf(columns)) {
    const fitting = names.flatMap((name, column) => {
      const content = contents[column]
      const fits = name !== '' && !used.has(column) && content !== undefined
      return fits && holds(canonical, content) && isLikely(canonical, name) ? [column] : []
    })
    const [first] = fitting
    const sure = first !== undefined && (fitting.length === 1 || canonical === 'object')
    if (sure && !(canonical === 'final_value' && ESTIMATE.test(headerWords(names[first] as string)))) {
      used.add(first)
      take(canonical, first, GUESSED)
    } else
      hint.questions[canonical] = fitting.slice(0, MOST_CANDIDATES).map((column) => names[column] as string)
  }
  return hint
}

/** Returns the wanted columns without a source column. */
function missingOf(columns: ReadonlyMap<Canonical, number>): Canonical[] {
  const valued = AMOUNTS.some((amount) => columns.has(amount))
  return WANTED.filter((name) => !columns.has(name) && !(name === 'final_value' && valued))
}

/** Returns what a sentence tells of a hint where a column is needed: the mapping to send, or the column to choose. */
export function toldHint({ mapping, questions }: Hint, needed: Canonical) {
  const guessed = needed in mapping
  return {
    mapping: JSON.stringify(mapping),
    choose: guessed ? null : needed,
    likely: guessed ? [] : (questions[needed] ?? []),
  }
}

/**
 * Makes the problem of a table that cannot be used: it lists the headers that were found, the canonical columns
 * without a source column, and the hint, by the contents of the columns.
 */
export function unusableTable(detail: Sentence, table: UnusableTable, hint = hintFor(table)): Problem {
  const headers = table.names.filter((name) => name !== '').slice(0, MOST_HEADERS)
  return new Problem('UNUSABLE_DATASET', detail, {
    members: { headers, missing: missingOf(table.columns ?? new Map()), ...hint },
  })
}

/** Matches words of amounts that are no contract's own. */
const ESTIMATE = /\b(?:estimad[oa]|previst[oa]|orcad[oa]|orcamento|referencia|maximo|saldo|proposta)\b/
/** Matches the words of names that a wanted column may have, for guesses by content alone. */
const LIKELY: Readonly<Partial<Record<Canonical, RegExp>>> = {
  final_value: /\b(?:valor|total|preco|custo|gasto|spent|spend|cost|price|paid|payment|verba)\b/,
  supplier_name:
    /\b(?:fornecedor|contratado|credor|favorecido|vencedor|proponente|empresa|razao|firma|company|firm|payee|payable|paid|beneficiary|merchant|recebeu|recibe)\b/,
  buyer_name:
    /\b(?:orgao|entidade|comprador|contratante|instituicao|unidade|secretaria|dependencia|prefeitura|department|council|ministerio|direcao|organismo)\b/,
  object:
    /\b(?:objeto|descricao|titulo|historico|assunto|detalhe|detalle|concepto|purpose|narrative|sintesis|sintese)\b/,
  contract_number:
    /\b(?:numero|codigo|id|contrato|referencia|documento|invoice|transaction|adquisicion|aquisicao)\b/,
  signed_at: /\b(?:data|assinatura|celebracao|emissao|sancion|agreed|dia)\b/,
}
/** Matches words of names that are never a wanted column, whatever the column holds. */
const UNLIKELY =
  /\b(?:url|link|tipo|modalidade|esfera|telefone|email|inscricao|inscripcion|nascimento|publicacao|abertura|extracao|atualizacao|trabajadores|unnamed|index|justificativa|responsavel|quantidade|sl numero|serial|country|pais)\b|^(?:sno|s n|sr numero)$/

/** Matches words of days on which no contract is signed. */
const NO_SIGNATURE =
  /\b(?:completion|deadline|closing|limite|entrega|fim|inicio|atualizado|criacao|created|planned|expected|evaluation|avaliacao|bid|submission|display|invitation|initiation)\b/
const MONEY = /\b(?:valor|preco|cost|custo|budget|orcamento|total)\b/

/**
 * Tells whether a column's name may stand for what its content fits: an amount called a number, or a party called a
 * kind, would be a wrong answer in place of a question.
 */
function isLikely(canonical: Canonical, name: string): boolean {
  const words = headerWords(name)
  if (UNLIKELY.test(words)) return false
  if (canonical === 'final_value' && /\b(?:numero|codigo|ano|id)\b/.test(words)) return false
  if (canonical === 'signed_at' && NO_SIGNATURE.test(words)) return false
  if (canonical === 'contract_number' && MONEY.test(words)) return false
  if (canonical === 'final_value' && currencyIn(name) !== undefined) return true
  if (canonical !== 'object' && /\b(?:descricao|objeto)\b/.test(words) && canonical !== 'final_value')
    return false
  return LIKELY[canonical]?.test(words) ?? true
}

function holds(canonical: Canonical, content: Content): boolean {
  if (content.filled === 0) return false
  const amounts = content.amounts - content.years - content.serials
  if (canonical === 'final_value')
    return amounts >= 0.5 * content.filled && contentFit(content, 'amount', false) === 1
  if (canonical === 'signed_at') return content.days >= 0.5 * content.filled
  if (canonical === 'contract_number')
    return content.numbered >= 0.9 * content.filled && content.days === 0 && content.zeros === 0
  return content.lettered >= 0.9 * content.filled && content.numbered < 0.5 * content.filled
}
