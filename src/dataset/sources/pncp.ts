import { Agent } from 'undici'
import { badField, Problem } from '../../errors.ts'
import { type Sentence, say } from '../../language/sentence.ts'
import type { Filters } from '../../protocol/investigation.ts'
import { joinPages, type Source, type SourcePage, type SourceQuery, type SourceRecord } from './source.ts'
import { amount, at, BLANK, day, type Json, taxId, text } from './source-field.ts'
import { fetchJson, type UpstreamPolicy } from './source-request.ts'
import { SYSTEM_CLOCK, tokenBucket } from './token-bucket.ts'

const TITLE = 'PNCP'
const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
/** Longest period of one query, in days. */
const MAX_WINDOW_DAYS = 365

export interface PncpOptions {
  /** Base URL: `https://pncp.gov.br/api/consulta` */
  baseUrl: string
  /** Records of a page, at most 500. */
  pageSize?: number
  policy?: Partial<UpstreamPolicy>
}

/** Converts one contract of `GET /v1/contratos`. */
const fromPncp = (contract: Json): SourceRecord => {
  const initial = amount(at(contract, 'valorInicial'))
  const total = amount(at(contract, 'valorGlobal'))
  return {
    ...BLANK,
    contract_number: text(at(contract, 'numeroControlePNCP')),
    process_number: text(at(contract, 'processo')),
    kind: text(at(contract, 'tipoContrato', 'nome')),
    supplier_id: taxId(at(contract, 'niFornecedor')),
    supplier_name: text(at(contract, 'nomeRazaoSocialFornecedor')),
    buyer_id: taxId(at(contract, 'orgaoEntidade', 'cnpj')),
    buyer_name: text(at(contract, 'orgaoEntidade', 'razaoSocial')),
    unit_id: text(at(contract, 'unidadeOrgao', 'codigoUnidade')),
    unit_name: text(at(contract, 'unidadeOrgao', 'nomeUnidade')),
    object: text(at(contract, 'objetoContrato')),
    category: text(at(contract, 'categoriaProcesso', 'nome')),
    signed_at: day(at(contract, 'dataAssinatura')),
    start_at: day(at(contract, 'dataVigenciaInicio')),
    end_at: day(at(contract, 'dataVigenciaFim')),
    initial_value: initial,
    // Buyers leave the total at zero when they have filled in the initial value only.
    final_value: total === 0 && initial !== null && initial > 0 ? null : total,
  }
}

/** Returns the first and last day of each query, `YYYYMMDD`. */
export const windows = ({ start_date, end_date }: Filters, now: number): { from: string; to: string }[] => {
  const last = end_date ? Date.parse(end_date) : Math.max(now, start_date ? Date.parse(start_date) : now)
  const first = start_date ? Date.parse(start_date) : last - (DEFAULT_DAYS - 1) * DAY_MS
  if (first > last) throw badField('/filters/start_date', say('field.after_end'))
  const compact = (time: number) => new Date(time).toISOString().slice(0, 10).replaceAll('-', '')
  const periods = []
  for (let from = first; from <= last; from += MAX_WINDOW_DAYS * DAY_MS) {
    const to = Math.min(last, from + (MAX_WINDOW_DAYS - 1) * DAY_MS)
    periods.push({ from: compact(from), to: compact(to) })
  }
  return periods
}

/** Returns the warning about the period for the reader. */
const scope = (periods: readonly { from: string; to: string }[]): Sentence => {
  const dashed = (compact = '') => compact.replace(/(....)(..)(..)/, '$1-$2-$3')
  const [from, to] = [dashed(periods[0]?.from), dashed(periods.at(-1)?.to)]
  return say('source.period', { source: TITLE, from, to })
}

/** Returns the buyer's CNPJ, where the query names the buyer by it. */
const buyerCnpj = ({ filters }: SourceQuery): string | undefined => {
  const id = filters.buyer?.replace(/[./\s-]/g, '') ?? ''
  return /^\d{14}$/.test(id) ? id : undefined
}

/**
 * Makes the source of the contracts of all Brazilian governments since Lei 14.133/2021: `GET
 * {baseUrl}/v1/contratos`, no key. Its period is that of publication; the last 30 days where the query has none.
 * @see https://pncp.gov.br/api/consulta/swagger-ui/index.html
 */
export const pncpSource = ({ baseUrl, pageSize = 500, policy }: PncpOptions): Source => {
  const clock = policy?.clock ?? SYSTEM_CLOCK
  const dispatcher = policy?.dispatcher ?? new Agent({ connections: 4, connect: { timeout: 10_000 } })
  const upstream: UpstreamPolicy = {
    title: TITLE,
    accessSetting: 'PNCP_BASE_URL',
    dispatcher,
    // The API publishes no limit; this one keeps the load on it low.
    bucket: tokenBucket(240, clock),
    clock,
    random: Math.random,
    retries: 4,
    backoffMs: 1000,
    maxRetryAfterMs: 120_000,
    headersTimeoutMs: 60_000,
    idleTimeoutMs: 15_000,
    maxBodyBytes: 16 * 1024 * 1024,
    ...policy,
  }
  async function* pages(
    periods: { from: string; to: string }[],
    cnpj: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<SourcePage> {
    let known = 0
    for (const [index, { from, to }] of periods.entries()) {
      for (let pagina = 1, last = 1; pagina <= last; pagina += 1) {
        const url = new URL(`${baseUrl.replace(/\/+$/, '')}/v1/contratos`)
        url.searchParams.set('dataInicial', from)
        url.searchParams.set('dataFinal', to)
        if (cnpj) url.searchParams.set('cnpjOrgao', cnpj)
        url.searchParams.set('pagina', String(pagina))
        url.searchParams.set('tamanhoPagina', String(pageSize))
        const page = await fetchJson(url, {}, upstream, signal)
        if (page === undefined) break
        const data = at(page, 'data')
        const total = at(page, 'totalPaginas')
        if (!Array.isArray(data) || typeof total !== 'number' || !Number.isSafeInteger(total) || total < 0) {
          throw new Problem('SOURCE_ERROR', say('source.not_contracts', { source: TITLE }))
        }
        if (data.length === 0) break
        last = total
        const records = data.map((contract: Json) => ({
          key: text(at(contract, 'numeroControlePNCP')),
          record: fromPncp(contract),
        }))
        yield { records, totalPages: index === periods.length - 1 ? known + last : null }
        if (pagina === last) known += last
      }
    }
  }
  return {
    name: 'pncp',
    applied: (query) => (buyerCnpj(query) ? ['buyer'] : []),
    check: ({ filters }) => void windows(filters, clock.now()),
    fetch(query, signal) {
      const periods = windows(query.filters, clock.now())
      return joinPages(pages(periods, buyerCnpj(query), signal), scope(periods))
    },
    close: () => dispatcher.destroy(),
  }
}
