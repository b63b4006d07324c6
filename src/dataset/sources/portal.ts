import { Agent } from 'undici'
import { badField, Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { joinPages, type Source, type SourcePage, type SourceQuery, type SourceRecord } from './source.ts'
import { amount, at, BLANK, day, type Json, taxId, text } from './source-field.ts'
import { fetchJson, type UpstreamPolicy } from './source-request.ts'
import { SYSTEM_CLOCK, tokenBucket } from './token-bucket.ts'

const TITLE = 'Portal da Transparência'
const KEY_SETTING = 'PORTAL_API_KEY'

export interface PortalOptions {
  /** Base URL: `https://api.portaldatransparencia.gov.br/api-de-dados` */
  baseUrl: string
  apiKey: string | undefined
  /** Requests per minute; the API allows 90, and all fetches of one source share them. */
  requestsPerMinute: number
  policy?: Partial<UpstreamPolicy>
}

/** Converts one contract of `GET /contratos`. */
const fromPortal = (contract: Json): SourceRecord => ({
  ...BLANK,
  contract_number: text(at(contract, 'numero')),
  process_number: text(at(contract, 'numeroProcesso')) ?? text(at(contract, 'compra', 'numeroProcesso')),
  modality: text(at(contract, 'modalidadeCompra')),
  legal_basis: text(at(contract, 'fundamentoLegal')),
  status: text(at(contract, 'situacaoContrato')),
  supplier_id:
    taxId(at(contract, 'fornecedor', 'cnpjFormatado')) ?? taxId(at(contract, 'fornecedor', 'cpfFormatado')),
  supplier_name:
    text(at(contract, 'fornecedor', 'razaoSocialReceita')) ?? text(at(contract, 'fornecedor', 'nome')),
  buyer_id: text(at(contract, 'unidadeGestora', 'orgaoMaximo', 'codigo')),
  buyer_name: text(at(contract, 'unidadeGestora', 'orgaoMaximo', 'nome')),
  unit_id: text(at(contract, 'unidadeGestora', 'codigo')),
  unit_name: text(at(contract, 'unidadeGestora', 'nome')),
  // The portal puts a label in front of the text.
  object: text(text(at(contract, 'objeto'))?.replace(/^objeto:\s*/i, '')),
  signed_at: day(at(contract, 'dataAssinatura')),
  start_at: day(at(contract, 'dataInicioVigencia')),
  end_at: day(at(contract, 'dataFimVigencia')),
  initial_value: amount(at(contract, 'valorInicialCompra')),
  final_value: amount(at(contract, 'valorFinalCompra')),
})

const bodyCode = ({ filters, extra }: SourceQuery): string => {
  const code = (extra?.codigoOrgao ?? filters.buyer ?? '').trim()
  if (!/^\d{1,10}$/.test(code)) {
    throw badField('/filters/buyer', say('field.siafi_code'))
  }
  return code
}

const slashed = (date: string): string => date.split('-').reverse().join('/')

/**
 * Makes the source of the contracts of the Brazilian federal executive: `GET {baseUrl}/contratos`, pages until an
 * empty one. The query's dates are those of the contract's term.
 * @see https://api.portaldatransparencia.gov.br/swagger-ui/index.html
 */
export const portalSource = ({ baseUrl, apiKey, requestsPerMinute, policy }: PortalOptions): Source => {
  const clock = policy?.clock ?? SYSTEM_CLOCK
  const dispatcher = policy?.dispatcher ?? new Agent({ connections: 4, connect: { timeout: 10_000 } })
  const upstream: UpstreamPolicy = {
    title: TITLE,
    accessSetting: KEY_SETTING,
    dispatcher,
    bucket: tokenBucket(requestsPerMinute, clock),
    clock,
    random: Math.random,
    retries: 4,
    backoffMs: 1000,
    maxRetryAfterMs: 120_000,
    headersTimeoutMs: 30_000,
    idleTimeoutMs: 15_000,
    maxBodyBytes: 8 * 1024 * 1024,
    ...policy,
  }
  async function* pages(code: string, key: string, { filters }: SourceQuery, signal: AbortSignal) {
    for (let pagina = 1; ; pagina += 1) {
      const url = new URL(`${baseUrl.replace(/\/+$/, '')}/contratos`)
      url.searchParams.set('codigoOrgao', code)
      if (filters.start_date) url.searchParams.set('dataInicial', slashed(filters.start_date))
      if (filters.end_date) url.searchParams.set('dataFinal', slashed(filters.end_date))
      url.searchParams.set('pagina', String(pagina))
      const page = (await fetchJson(url, { 'chave-api-dados': key }, upstream, signal)) ?? []
      if (!Array.isArray(page)) {
        throw new Problem('SOURCE_ERROR', say('source.not_contracts', { source: TITLE }))
      }
      if (page.length === 0) return
      const records = page.map((contract: Json) => ({
        key: text(at(contract, 'id')),
        record: fromPortal(contract),
      }))
      yield { records, totalPages: null } satisfies SourcePage
    }
  }
  const checked = (query: SourceQuery): { code: string; key: string } => {
    if (!apiKey) {
      const said = say('source.key_missing', { source: TITLE, setting: KEY_SETTING })
      throw new Problem('SOURCE_UNAVAILABLE', said)
    }
    return { code: bodyCode(query), key: apiKey }
  }
  return {
    name: 'portal',
    applied: () => ['buyer'],
    check: (query) => void checked(query),
    fetch(query, signal) {
      const { code, key } = checked(query)
      return joinPages(pages(code, key, query, signal))
    },
    close: () => dispatcher.destroy(),
  }
}
