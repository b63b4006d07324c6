import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../src/dataset/sources/token-bucket.ts'

export interface Asked {
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
}

/** What the upstream does with one request. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string
  /** Declares the whole body, sends half of it and closes the socket. */
  cut?: boolean
  /** Sends nothing at all, or the status and half of the body, and then stays silent. */
  stall?: 'headers' | 'body'
}

export interface Upstream {
  url: string
  asked: Asked[]
  /** Resolves when a client has left before its answer was complete. */
  left: Promise<void>
  close(): Promise<void>
}

const send = (response: ServerResponse, { status = 200, headers = {}, body = '', cut, stall }: Answer) => {
  if (stall === 'headers') return
  const bytes = Buffer.from(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 204 ? {} : { 'content-length': String(bytes.length) }),
    ...headers,
  })
  if (cut) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  else if (stall === 'body') response.write(bytes.subarray(0, bytes.length / 2))
  else response.end(bytes)
}

/** A loopback API that answers each request as the script says. */
export const startUpstream = async (script: (asked: Asked, nth: number) => Answer): Promise<Upstream> => {
  const asked: Asked[] = []
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://upstream')
    const entry = { path: url.pathname, query: url.searchParams, headers: request.headers }
    asked.push(entry)
    response.on('close', () => {
      if (!response.writableFinished) leave()
    })
    send(response, script(entry, asked.length))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    left,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A clock on which waiting takes no time; `waits` has what was waited, in milliseconds. */
export const virtualClock = (start: string): Clock & { waits: number[] } => {
  let now = Date.parse(start)
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    async wait(ms, signal) {
      signal.throwIfAborted()
      waits.push(ms)
      now += ms
    },
  }
}

/** A contract as `GET /api-de-dados/contratos` documents it. */
export const portalContract = (id: number) => ({
  id,
  numero: `${String(id).padStart(5, '0')}/2024`,
  objeto: 'Objeto: Aquisição de material de expediente',
  numeroProcesso: `23000.${id}/2024-11`,
  fundamentoLegal: 'Lei 14.133/2021 art. 75 II',
  dataAssinatura: '2024-03-05',
  dataPublicacaoDOU: '2024-03-08',
  dataInicioVigencia: '06/03/2024',
  dataFimVigencia: '2025-03-05',
  situacaoContrato: 'Publicado',
  modalidadeCompra: 'Dispensa de Licitação',
  valorInicialCompra: 1000.5,
  valorFinalCompra: '1.250,75',
  fornecedor: {
    id: 7,
    cpfFormatado: '',
    cnpjFormatado: '00.000.000/0001-91',
    nome: 'BANCO DO BRASIL',
    razaoSocialReceita: 'BANCO DO BRASIL SA',
    tipo: 'Pessoa Jurídica',
  },
  unidadeGestora: {
    codigo: '158132',
    nome: 'Campus Campo Grande',
    orgaoVinculado: { codigoSIAFI: '26415', nome: 'Instituto Federal de MS' },
    orgaoMaximo: { codigo: '26000', sigla: 'MEC', nome: 'Ministério da Educação' },
  },
})

/** A contract as `GET /api/consulta/v1/contratos` documents it. */
export const pncpContract = (id: number) => ({
  numeroControlePNCP: `00394494000136-2-${String(id).padStart(6, '0')}/2024`,
  numeroControlePncpCompra: '00394494000136-1-000042/2024',
  numeroContratoEmpenho: `2024NE${id}`,
  processo: '08000.000001/2024-10',
  tipoContrato: { id: 7, nome: 'Empenho' },
  categoriaProcesso: { id: 2, nome: 'Compras' },
  objetoContrato: 'Notebooks',
  niFornecedor: '12.345.678/0001-95',
  tipoPessoa: 'PJ',
  nomeRazaoSocialFornecedor: 'ACME LTDA',
  valorInicial: 500,
  valorParcela: 500,
  valorGlobal: 0,
  dataAssinatura: '2024-05-02',
  dataVigenciaInicio: '2024-05-02',
  dataVigenciaFim: '2024-02-30',
  dataPublicacaoPncp: '2024-05-03T11:51:23',
  orgaoEntidade: {
    cnpj: '00394494000136',
    razaoSocial: 'MINISTERIO DA JUSTICA',
    poderId: 'E',
    esferaId: 'F',
  },
  unidadeOrgao: { codigoUnidade: '200331', nomeUnidade: 'SENASP', ufSigla: 'DF', municipioNome: 'Brasília' },
})

/** A page of the PNCP. */
export const pncpPage = (data: unknown[], totalPaginas: number) =>
  JSON.stringify({ data, totalRegistros: totalPaginas * 2, totalPaginas, paginasRestantes: 0, empty: false })
