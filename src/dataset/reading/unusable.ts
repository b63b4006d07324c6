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

/**
 * Makes the problem of a table that cannot be used: it lists the headers that were found, the canonical columns
 * without a source column, and the `mapping` that would help, with a guess by the contents of the columns.
 */
export function unusableTable(
  detail: Sentence,
  { names, columns = new Map(), contents = [] }: UnusableTable,
): Problem {
  const headers = names.filter((name) => name !== '').slice(0, MOST_HEADERS)
  const valued = AMOUNTS.some((amount) => columns.has(amount))
  const missing = WANTED.filter((name) => !columns.has(name) && !(name === 'final_value' && valued))
  const mapping: Record<string, string> = {}
  for (const [canonical, column] of columns) mapping[canonical] = names[column] as string
  const used = new Set(columns.values())
  for (const canonical of missing) {
    const guess = names.findIndex(
      (name, column) =>
        name !== '' &&
        !used.has(column) &&
        contents[column] !== undefined &&
        holds(canonical, contents[column]) &&
        isLikely(canonical, name),
    )
    if (guess >= 0) used.add(guess)
    mapping[canonical] = guess < 0 ? '…' : (names[guess] as string)
  }
  return new Problem('UNUSABLE_DATASET', detail, { members: { headers, missing, mapping } })
}

/** Matches the words of names that a wanted column may have, for guesses by content alone. */
const LIKELY: Readonly<Partial<Record<Canonical, RegExp>>> = {
  final_value: /\b(?:valor|total|preco|moto|custo|gasto)\b/,
  supplier_name:
    /\b(?:fornecedor|contratado|credor|favorecido|vencedor|proponente|empresa|razao|firma|company|payee|payable|paid|beneficiary|merchant)\b/,
  buyer_name:
    /\b(?:orgao|entidade|comprador|contratante|instituicao|unidade|secretaria|dependencia|prefeitura|department|council|ministerio|direcao|organismo)\b/,
  object:
    /\b(?:objeto|descricao|titulo|historico|assunto|detalhe|detalle|concepto|purpose|narrative|sintesis|sintese)\b/,
  contract_number:
    /\b(?:numero|codigo|id|contrato|referencia|documento|invoice|transaction|adquisicion|aquisicao)\b/,
  signed_at: /\b(?:data|assinatura|celebracao|emissao|sancion)\b/,
}
/** Matches words of names that are never a wanted column, whatever the column holds. */
const UNLIKELY =
  /\b(?:url|link|tipo|modalidade|esfera|telefone|email|inscricao|inscripcion|nascimento|publicacao|abertura|extracao|atualizacao|trabajadores|unnamed|index|justificativa|responsavel|quantidade)\b/

/**
 * Tells whether a column's name may stand for what its content fits: an amount called a number, or a party called a
 * kind, would be a wrong answer in place of a question.
 */
function isLikely(canonical: Canonical, name: string): boolean {
  const words = headerWords(name)
  if (UNLIKELY.test(words)) return false
  if (canonical === 'final_value' && /\b(?:numero|codigo|ano|id)\b/.test(words)) return false
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
