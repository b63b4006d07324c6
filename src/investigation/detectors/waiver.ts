import { unaccented } from '../../language/folding.ts'
/** Spending limits of waivers by value (dispensa em razão do valor), in cents, by the days they were in force. */
export interface WaiverLimit {
  from: string
  to: string
  otherCents: number
  worksCents: number
  /** The law of the limit: a row that names a law is compared with that law's limit. */
  regime: '8666' | '14065' | '14133'
  /** Whether an amount equal to the limit is within it. */
  inclusive: boolean
  law: string
}

const limit = (
  from: string,
  to: string,
  other: number,
  works: number,
  regime: WaiverLimit['regime'],
  law: string,
): WaiverLimit => ({
  from,
  to,
  otherCents: Math.round(other * 100),
  worksCents: Math.round(works * 100),
  regime,
  inclusive: regime !== '14133',
  law,
})

export const WAIVER_LIMITS: readonly WaiverLimit[] = [
  limit('1998-05-28', '2018-07-18', 8_000, 15_000, '8666', 'Lei 8.666/1993 art. 24 I–II'),
  limit(
    '2018-07-19',
    '2023-12-30',
    17_600,
    33_000,
    '8666',
    'Lei 8.666/1993 art. 24 I–II, Decreto 9.412/2018',
  ),
  limit('2020-05-07', '2020-12-31', 50_000, 100_000, '14065', 'Lei 14.065/2020 art. 1 I'),
  limit('2021-04-01', '2021-12-31', 50_000, 100_000, '14133', 'Lei 14.133/2021 art. 75 I–II'),
  limit(
    '2022-01-01',
    '2022-12-31',
    54_020.41,
    108_040.82,
    '14133',
    'Lei 14.133/2021 art. 75, Decreto 10.922/2021',
  ),
  limit(
    '2023-01-01',
    '2023-12-31',
    57_208.33,
    114_416.65,
    '14133',
    'Lei 14.133/2021 art. 75, Decreto 11.317/2022',
  ),
  limit(
    '2024-01-01',
    '2024-12-31',
    59_906.02,
    119_812.02,
    '14133',
    'Lei 14.133/2021 art. 75, Decreto 11.871/2023',
  ),
  limit(
    '2025-01-01',
    '2025-12-31',
    62_725.59,
    125_451.15,
    '14133',
    'Lei 14.133/2021 art. 75, Decreto 12.343/2024',
  ),
  limit(
    '2026-01-01',
    '2026-12-31',
    65_492.11,
    130_984.2,
    '14133',
    'Lei 14.133/2021 art. 75, Decreto 12.807/2025',
  ),
]

/** The kind of waiver that a row's modality and legal basis state. */
export interface Waiver {
  /** `value`: by value; `unstated`: a waiver whose ground the text does not state. */
  ground: 'value' | 'unstated'
  regime: WaiverLimit['regime'] | null
  /** Whether the cited item of the law is the one for works; null where none is cited. */
  works: boolean | null
}

const fold = (text: string): string =>
  unaccented(text)
    .replace(/(?<=\d)\.(?=\d{3}\b)/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

const OTHER_PROCEDURE =
  /inexig|credenci|pregao|concorrencia|tomada de preco|convite|concurso|leilao|dialogo competitivo|regime diferenciado|registro de preco|adesao|chamada publica|chamamento|dispensad[ao]/
const OTHER_GROUND =
  /emergenc|calamidade|covid|corona|pandemia|13979|desert|fracassad|agricultura familiar|11947|13303|11652|remanescente|exclusiv|instituicao|sem fins lucrativos|fundacao de apoio|8958|imovel|seguranca nacional|guerra|concession|energia|genero.? pereci|internacional|pesquisa|intervencao|consorcio|outros? (motivo|inciso|fundamento)|demais (hipotese|caso|inciso)|exceto valor|nao (por|em razao do) valor/
const BY_VALUE =
  /cotacao eletronica|(por|razao d[oe]|limite d[eo]|pequeno|baixo|reduzido|em funcao do) valor|pequeno vulto|dispensa (de licitacao )?valor|valor (ate|inferior|reduzido|abaixo)|menor valor do limite/

/** Matches cited items of the article: `art. 75, II`, `art 24 inciso I`, `artigo 75, caput, inc. II`, `75-II`. */
const ITEM = /\b(24|75)(?: (?:caput|inc|inciso|incisos|item|n))* ([ivxl]+)\b(?: (?:e|ou|a) ([ivxl]+)\b)?/
const BARE_ITEM = /\b(?:inc|inciso) ([ivxl]+)\b(?: do)? (?:art|artigo) (24|75)\b/

const citedRegime = (text: string): WaiverLimit['regime'] | null => {
  if (/\b14065\b/.test(text)) return '14065'
  const old = /\b8666\b/.test(text) || /\bart(igo)? 24\b/.test(text)
  const current = /\b14133\b/.test(text) || /\bart(igo)? 75\b/.test(text)
  if (old === current) return null
  return old ? '8666' : '14133'
}

/**
 * Reads the waiver that the texts state; returns null where the row is none, or has a ground other than its value
 * (emergency, food from family farms, failed tender, rent, items III and above of the law's list…).
 */
export const readWaiver = (modality: string | null, legalBasis: string | null): Waiver | null => {
  const text = fold(`${modality ?? ''} ; ${legalBasis ?? ''}`)
  const regime = citedRegime(text)
  const cited = ITEM.exec(text) ?? BARE_ITEM.exec(text)
  const item = cited ? (/^\d/.test(cited[1] as string) ? cited[2] : cited[1]) : undefined
  const waived = /dispensa/.test(text) || (cited !== null && regime !== null)
  if (!waived || OTHER_PROCEDURE.test(text)) return null
  if (item !== undefined) {
    if (item !== 'i' && item !== 'ii') return null
    return { ground: 'value', regime, works: cited?.[3] ? null : item === 'i' }
  }
  if (OTHER_GROUND.test(text)) return null
  return { ground: BY_VALUE.test(text) ? 'value' : 'unstated', regime, works: null }
}
