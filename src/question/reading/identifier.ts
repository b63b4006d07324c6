import type { Register } from '../register.ts'
import type { Draft } from './draft.ts'
import type { Mention } from './mention.ts'

const CNPJ = /(?<!\d)\d{2}\.?\d{3}\.?\d{3}\/?\d{4}-?\d{2}(?!\d)|(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/
const NUMBER = '(?:n[ºo°.]*\\s*|numero\\s+|number\\s+|no\\.?\\s+|#\\s*|de numero\\s+)?'
/** A process number whose parts a space divides: `23034 000123/2023-11`. */
const SPACED = '\\d{3,} \\d{3,}[./]\\d{2,4}(?:-\\d{1,2})?(?![\\w/-])'
const CONTRACT = new RegExp(
  `\\b(?:contrato|contract|empenho|processo|process|proceso|licitacao|expediente)s?\\s+${NUMBER}(${SPACED}|(?=[\\w./#-]*\\d)(?!(?:19|20)\\d\\d(?![\\w/-]))[\\w][\\w./#-]{0,60})`,
)
const BARE_CONTRACT = /(?<![\d/.])(?:n[ºo°.]+\s*)?(\d{3,}\/(?:19|20)\d\d)(?![\d/])/

const mention = (texts: readonly string[], asked: string, from: number): Mention => ({
  field: 'supplier',
  kind: 'supplier',
  texts,
  asked,
  from,
  to: from + 1,
  unknown: false,
  differs: false,
})

/** Reads suppliers by their CNPJ, CPF or another number that the dataset has for one. */
export const readSupplierNumbers = (draft: Draft, register: Register): Mention[] => {
  const found: Mention[] = []
  for (let hit = draft.find(CNPJ); hit; hit = draft.find(CNPJ)) {
    const { index, 0: written } = hit
    draft.claimSpan(index, index + written.length)
    found.push(
      mention([written.replace(/\D/g, '')], written, draft.tokens.find(({ end }) => end > index)?.at ?? 0),
    )
  }
  for (const token of draft.tokens) {
    if (!/^(?=\D*\d{6})[a-z0-9]{7,14}$/.test(token.word) || draft.isClaimed(token)) continue
    const known = register.names.find(
      ({ kind, id }) => kind === 'supplier' && id?.toLowerCase() === token.word,
    )
    if (!known) continue
    draft.claim(token)
    found.push(mention([known.name], token.written, token.at))
  }
  return found
}

/** Reads the number of a contract or of its process. */
export const readContract = (draft: Draft): string | undefined => {
  const found = draft.find(CONTRACT) ?? draft.find(BARE_CONTRACT)
  if (!found) return undefined
  draft.claimSpan(found.index, found.index + found[0].length)
  return (found[1] as string).replace(/[./#-]+$/, '')
}
