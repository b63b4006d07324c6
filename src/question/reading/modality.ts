import type { Register } from '../register.ts'
import type { Draft } from './draft.ts'
import type { Mention } from './mention.ts'

/** Ways of contracting, by the beginnings of the words that the data has for them. */
const MODALITIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:(?:sem|sin) licita(?:cao|coes|cion|r)|without (?:a |any )?(?:public )?(?:tender(?:ing|s)?|bidding|bids?|competition)|(?:contratac(?:ao|oes|ion|iones)|adjudicac(?:ion|iones)|compras?) diret(?:a|as)|(?:contratac(?:ion|iones)|adjudicac(?:ion|iones)|compras?) direct(?:a|as)|direct (?:awards?|purchases?|contract(?:s|ing)?)|no[ -]bid)\b/,
    ['dispensa', 'inexigib', 'direct', 'direta'],
  ],
  [
    /\b(?:(?:por |com |via |by |por meio de )?(?:dispensas?(?: de licitacao)?|dispensad[oa]s?|waivers?|exencion(?:es)?))\b/,
    ['dispensa', 'waiver', 'exencion'],
  ],
  [
    /\b(?:(?:por |com |via )?(?:inexigibilidades?(?: de licitacao)?|inexigive(?:l|is)|sole[ -]source))\b/,
    ['inexigib', 'sole'],
  ],
  [
    /\b(?:(?:por |com |via |by )?(?:preg(?:ao|oes)(?: eletronicos?| presencia(?:l|is))?|(?:reverse |electronic )?auctions?|subastas?))\b/,
    ['pregao', 'auction', 'subasta'],
  ],
  [
    /\b(?:(?:por |com |via |by )?(?:concorrencias?(?: publicas?| eletronicas?)?|open (?:tenders?|bidding)|licitacion(?:es)? publicas?|public tenders?))\b/,
    ['concorrencia', 'open', 'licitacion publica'],
  ],
  [/\b(?:tomadas? de precos?)\b/, ['tomada']],
  [
    /\b(?:(?:por |via )?(?:convites?|carta convite|invitacion(?:es)?))\b/,
    ['convite', 'invitacion', 'limited', 'selective'],
  ],
  [/\b(?:credenciamentos?)\b/, ['credenciamento']],
  [/\b(?:adesa(?:o|es)(?: a ata)?|carona)\b/, ['adesao', 'carona']],
  [/\b(?:chamamentos?|chamadas? publicas?)\b/, ['cham']],
]

/** Reads ways of contracting, by the dataset's own words for them. */
export const readModalities = (reading: Draft, register: Register): Mention[] => {
  const known = register.names.filter(({ kind }) => kind === 'modality')
  const found: Mention[] = []
  for (const [words, beginnings] of MODALITIES) {
    const hit = reading.find(words)
    if (!hit) continue
    // "Pregão eletrônico" restricts further than "pregão".
    const particular = /\b(eletronic|presencia)/.exec(hit[0])?.[1]
    const meant = known.filter(
      (name) =>
        name.words.some((word) => beginnings.some((begin) => word.startsWith(begin))) &&
        (particular === undefined || name.words.some((word) => word.startsWith(particular))),
    )
    const inTexts = meant.length === 0 && hit[0].split(' ').some((word) => register.words.has(word))
    if (inTexts && known.length === 0) continue
    const span = reading.tokens.filter((one) => one.start < hit.index + hit[0].length && one.end > hit.index)
    reading.claimSpan(hit.index, hit.index + hit[0].length)
    const asked = hit[0].replace(/^(?:por|com|via|by) /, '')
    found.push({
      field: 'modality',
      kind: 'modality',
      texts: meant.length > 0 ? [...new Map(meant.map((name) => [name.key, name.name])).values()] : [asked],
      asked,
      from: span[0]?.at ?? 0,
      to: (span.at(-1)?.at ?? 0) + 1,
      unknown: meant.length === 0,
      differs: false,
    })
  }
  return found
}
