import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Problem } from '../../src/errors.ts'
import { type Options, read } from './reading.ts'

const HEAD = 'Contrato;CNPJ;Fornecedor;Objeto;Valor;Data de Assinatura'
const table = (...rows: string[]): string => `${[HEAD, ...rows].join('\r\n')}\r\n`
const two = ['1', '2'].map((number) => `${number};27.433.790/0001-55;FULANO LTDA;Papel;1.234,56;01/02/2024`)

const REFUSED: Record<string, [body: string | Uint8Array, detail: RegExp, options?: Options]> = {
  'an empty file': ['', /empty/],
  'blank lines': ['\n \n', /blank/],
  'a header only': [`${HEAD}\n`, /no contract below it/],
  binary: [Buffer.from([1, 2, 0, 3]), /NUL/],
  'a damaged workbook': [Buffer.from('PK\x03\x04xlsx'), /workbook is damaged/],
  'a PDF': ['%PDF-1.7', /PDF/],
  'a page': ['<!DOCTYPE html><html><head><title>Sessão expirada</title>', /HTML.*Sessão expirada/],
  prose: ['once upon a time\nthere was no table\n', /No header row was recognised.*once upon a time/],
  'another table': ['date;temp;city\n01/02/2024;20;Rome\n', /No header row|No column with an amount/],
  'no subject': ['valor;data\n1,00;01/01/2024\n', /No header row|No column with a supplier/],
  'all rows bad': [table('1;x'), /The only record, in line 2/],
  'JSON sent as CSV': ['{"a":1}', /JSON/],
  'broken JSON': ['{"data":[{"valor":1},', /cut short/, { contentType: 'application/json' }],
  'JSON of one value': ['42', /values without names/, { contentType: 'application/json' }],
  'JSON of lists': ['[[1,2],[3,4]]', /values without names/, { contentType: 'application/json' }],
  'not gzip': ['plain', /gzip/, { gzip: true }],
}

for (const [name, [body, detail, options]] of Object.entries(REFUSED)) {
  t.test(`refused: ${name}`, async (t) => {
    await t.rejects(read(body, options), { code: 'UNUSABLE_DATASET', message: detail })
  })
}

t.test('a workbook behind a password is told from an old one', async (t) => {
  const compound = (stream: string) =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), Buffer.from(stream, 'utf16le')])
  for (const [stream, detail] of [
    ['EncryptedPackage', /password/],
    ['Workbook', /old Excel workbook/],
  ] as const)
    await t.rejects(read(compound(stream)), { code: 'UNSUPPORTED_MEDIA_TYPE', message: detail })
})

t.test('a mapping without an amount, for a file without one, is refused with what is missing', async (t) => {
  await t.rejects(
    read('Fornecedor;Objeto;Data\nACME;Papel;01/02/2024\n', { mapping: { supplier_name: 'Fornecedor' } }),
    { code: 'UNUSABLE_DATASET', members: { headers: ['Fornecedor', 'Objeto', 'Data'] } },
  )
})

t.test('bad mappings are named', async (t) => {
  const mapping = (asked: Record<string, string>) => read(table(...two), { mapping: asked })
  await t.rejects(mapping({ nonsense: 'Valor' }), {
    code: 'VALIDATION_FAILED',
    message: /"nonsense" is none of contract_id, /,
  })
  await t.rejects(mapping({ final_value: 'Preço' }), {
    code: 'VALIDATION_FAILED',
    message: /no column "Preço".*Valor/,
  })
})

t.test('a small body that inflates past the bound', async (t) => {
  const body = gzipSync(`${HEAD}\n${`${two[0]}\n`.repeat(200_000)}`)
  await t.rejects(read(body, { gzip: true, maxInflatedBytes: 1_000_000 }), { code: 'PAYLOAD_TOO_LARGE' })
})

t.test('a hint names no column whose name says something else', async (t) => {
  const body = [
    'Unnamed: 0,tipo_esfera,descricao_aquisicao,link,fecha_inscripcion,nro_modalidade,nome_proponente,valor_estimado,modalidade,situacao',
    ...[1, 2, 3].map(
      (at) =>
        `${at},Municipal,Obra da rua ${at},https://x.example/${at},0${at}/02/2024,${at}0,FULANO ${'ABC'[at]} LTDA,1.000,00,PREGÃO,aberta`,
    ),
  ].join('\n')
  await t.rejects(read(body.replaceAll('1.000,00', '1000.50')), {
    code: 'UNUSABLE_DATASET',
    members: {
      mapping: {
        status: 'situacao',
        modality: 'modalidade',
        supplier_name: 'nome_proponente',
        object: 'descricao_aquisicao',
      },
      confidence: { modality: 0.9, supplier_name: 0.6 },
      questions: { final_value: ['valor_estimado'], buyer_name: [], contract_number: [], signed_at: [] },
    },
  })
})

t.test('the mapping of a refusal works as it is sent back', async (t) => {
  const bodies = {
    'an amount of a strange name': [
      'Firm,Agreed,Narrative,Money spent',
      ...[1, 2, 3].map((at) => `FIRM ${'ABC'[at - 1]} LTD,0${at}/03/2024,Repair of road ${at},${at}00.50`),
    ],
    'a subject of a strange name': [
      'data;valor;quem recebeu a verba;sintese',
      ...['AB', 'CD', 'EF'].map(
        (who, at) => `0${at + 1}/03/2024;${at + 1}00,50;FIRMA ${who} LTDA;Conserto da rua ${who}`,
      ),
    ],
  }
  for (const [name, lines] of Object.entries(bodies)) {
    const body = `${lines.join('\n')}\n`
    const refused = await read(body).then(
      () => undefined,
      (error: Problem) => error,
    )
    if (!refused) return t.fail(`${name} is not refused`)
    const { mapping } = refused.members as { mapping: Record<string, string> }
    t.notMatch(JSON.stringify(mapping), /…/, 'nothing has to be filled in')
    const { report, sum } = await read(body, { mapping })
    t.match(report.columns, mapping, name)
    t.same([report.rows, sum], [3, 601_50])
    if (!/No header/.test(refused.message)) t.match(refused.message, JSON.stringify(mapping), 'said as well')
  }
})

t.test('a refusal tells plainly which column its reader has to choose', async (t) => {
  const detail = async (body: string, language: 'en' | 'pt' | 'es'): Promise<string> => {
    const error: Problem = await read(body).then(
      () => t.fail('it is not refused'),
      (problem) => problem,
    )
    return error.tell(language).detail
  }
  const rows = (header: string) =>
    `${header}\n${[1, 2, 3].map((at) => `Alfa ${'ABC'[at - 1]} Ltda;Papel;${at}1`).join('\n')}\n`
  const amount = rows('Fornecedor;Objeto;Kilos')
  t.match(
    await detail(amount, 'en'),
    'None could be guessed: choose the column of the contract\'s amount and add its header as "final_value" to ?mapping={"supplier_name":"Fornecedor","object":"Objeto"}',
  )
  t.match(
    await detail(amount, 'pt'),
    /escolha a coluna do valor do contrato e acrescente seu nome como "final_value"/,
  )
  const estimated = 'fornecedor;descricao;valor_estimado\nAlfa Ltda;Papel;10,50\nBeta Ltda;Tinta;20,50\n'
  t.match(await detail(estimated, 'es'), /; quizá valor_estimado$/)
})
