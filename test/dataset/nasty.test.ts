import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Contract } from '../../src/protocol/contract.ts'
import { type Options, read } from './reading.ts'

const CNPJ = '27.433.790/0001-55'
const HEAD = 'Contrato;CNPJ;Fornecedor;Objeto;Valor;Data de Assinatura'
const table = (...rows: string[]): string => `${[HEAD, ...rows].join('\r\n')}\r\n`
const row = (number: string, value: string, day = '01/02/2024'): string =>
  `${number};${CNPJ};FULANO LTDA;Papel;${value};${day}`

interface Case {
  body: string | Uint8Array
  rows: Partial<Contract>[]
  rejects?: { line: number; reason: RegExp }[]
  warnings?: RegExp[]
  columns?: Record<string, string>
  options?: Options
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const a = { contract_id: '1', supplier_id: '27433790000155', value: 1234.56, signed_at: '2024-02-01' }
const b = { contract_id: '2', value: 10 }
const two = [row('1', '1.234,56'), row('2', '10,00')] as const

const CASES: Record<string, Case> = {
  commas: {
    body: table(...two)
      .replaceAll(',', '.')
      .replaceAll(';', ',')
      .replace('1.234.56', '1234.56'),
    rows: [a, b],
  },
  tabs: { body: table(...two).replaceAll(';', '\t'), rows: [a, b] },
  bars: { body: table(...two).replaceAll(';', '|'), rows: [a, b] },
  'line feeds, no last line end': {
    body: table(...two)
      .replaceAll('\r\n', '\n')
      .trimEnd(),
    rows: [a, b],
  },
  'carriage returns alone': {
    body: table(...two).replaceAll('\r\n', '\r'),
    rows: [
      { ...a, line: 2 },
      { ...b, line: 3 },
    ],
  },
  'byte order mark': {
    body: `\ufeff${table(...two)}`,
    rows: [a, b],
    columns: { contract_number: 'Contrato' },
  },
  'UTF-16, little-endian': { body: Buffer.from(`\ufeff${table(...two)}`, 'utf16le'), rows: [a, b] },
  'UTF-16, big-endian': { body: Buffer.from(`\ufeff${table(...two)}`, 'utf16le').swap16(), rows: [a, b] },
  'windows-1252 far behind the first sample': {
    body: Buffer.concat([
      latin1(table(...two, ...Array.from({ length: 3000 }, (_, at) => row(`n${at}`, '1,00')))),
      Buffer.from([
        ...latin1('9;27433790000155;JO\xc3O & CIA;Caf\xe9 '),
        0x96,
        ...latin1(' p\xf3;1,00;01/02/2024\r\n'),
      ]),
    ]),
    rows: [
      a,
      b,
      ...Array.from({ length: 3000 }, () => ({})),
      { supplier_name: 'JOÃO & CIA', object: 'Café – pó' },
    ],
  },
  'one broken byte in UTF-8': {
    body: Buffer.concat([
      Buffer.from(table(...Array.from({ length: 30 }, (_, at) => `n${at};;É;Ação;1,00;`))),
      Buffer.from([0xe9]),
      Buffer.from(';;x;y;2,00;\n'),
    ]),
    rows: Array.from({ length: 31 }, (_, at) => (at < 30 ? { object: 'Ação' } : { value: 2 })),
    warnings: [/1 byte sequence is no UTF-8/],
  },
  gzip: { body: gzipSync(table(...two)), rows: [a, b], options: { gzip: true } },
  'title lines above the header': {
    body: `PREFEITURA MUNICIPAL DE EXEMPLO\r\nContratos;;Emitido em 01/03/2024;;;\r\n\r\n${table(...two)}`,
    rows: [
      { ...a, line: 5 },
      { ...b, line: 6 },
    ],
  },
  'two header rows with merged cells': {
    body: `RELATÓRIO\r\nCONTRATO;;FORNECEDOR;;VALOR;;VIGÊNCIA;\r\nNÚMERO;OBJETO;CNPJ;NOME;INICIAL;FINAL;INÍCIO;FIM\r\n1;Obra;${CNPJ};FULANO;1.000,00;1.234,56;01/02/2024;31/12/2024\r\n2;Outra;${CNPJ};FULANO;10,00;10,00;01/02/2024;31/12/2024\r\n`,
    rows: [
      {
        contract_id: '1',
        line: 4,
        object: 'Obra',
        initial_value: 1000,
        final_value: 1234.56,
        start_at: '2024-02-01',
        end_at: '2024-12-31',
        supplier_name: 'FULANO',
      },
      b,
    ],
    columns: { initial_value: 'VALOR INICIAL', final_value: 'VALOR FINAL', end_at: 'VIGÊNCIA FIM' },
  },
  'page headers and titles again in the middle, a total, a footer': {
    body: `PREFEITURA\r\n${table(two[0])}Página 1 de 2\r\nPREFEITURA\r\n${table(two[1])}TOTAL GERAL;;;;1.244,56;\r\nFonte: portal\r\n`,
    rows: [
      { ...a, line: 3 },
      { ...b, line: 7 },
    ],
    warnings: [/1 repeated header row was.*line 6/, /3 page titles/, /1 total line was.*line 8/],
  },
  'a total without a word': {
    body: table(...two, ';;;;1.244,56;'),
    rows: [a, b],
    warnings: [/total lines? .*line 4/],
  },
  'a supplier called Total is no total': {
    body: table('1;27433790000155;TOTAL DISTRIBUIDORA LTDA;Total de papel;1.234,56;01/02/2024', two[1]),
    rows: [{ ...a, supplier_name: 'TOTAL DISTRIBUIDORA LTDA' }, b],
  },
  'line breaks and quotes inside cells': {
    body: table(`1;${CNPJ};"FULANO; ""F"" LTDA";"Papel\r\nA4";1.234,56;01/02/2024`, two[1]),
    rows: [
      { ...a, object: 'Papel\r\nA4', supplier_name: 'FULANO; "F" LTDA', line: 2 },
      { ...b, line: 4 },
    ],
  },
  'stray quotes': {
    body: table(`1;${CNPJ};FULANO "F" LTDA;"Tubo de "3/4" e 1"";1.234,56;01/02/2024`, two[1]),
    rows: [{ ...a, supplier_name: 'FULANO "F" LTDA', object: 'Tubo de "3/4" e 1"' }, b],
  },
  'a quote never closed swallows nothing': {
    body: table(
      `1;${CNPJ};"FULANO;Papel;1.234,56;01/02/2024`,
      two[1],
      ...Array.from({ length: 300 }, (_, at) => row(`n${at}`, '1,00')),
    ),
    rows: [{ ...a, supplier_name: '"FULANO' }, b, ...Array.from({ length: 300 }, () => ({ value: 1 }))],
    warnings: [/never closed.*line 2/],
  },
  'a quote never closed before a quoted cell, in the last column': {
    body: 'Contrato;Valor;Objeto\n1;1.234,56;"Papel\n2;10,00;"Caneta"\n',
    rows: [
      { contract_id: '1', object: '"Papel' },
      { contract_id: '2', object: 'Caneta' },
    ],
    warnings: [/never closed/],
  },
  'short and long rows': {
    body: table(
      `1;${CNPJ};F;Papel;1.234,56`,
      `${row('2', '10,00')};;`,
      '3;x',
      `${row('4', '1,00')};y`,
      ';;;;;',
      '5;;F;P;abc;',
    ),
    rows: [{ contract_id: '1', signed_at: null }, b],
    rejects: [
      { line: 4, reason: /2 cells where the header has 6/ },
      { line: 5, reason: /7 cells/ },
      { line: 7, reason: /"abc" in Valor is no amount/ },
    ],
  },
  'words in place of money keep the row': {
    body: table(
      row('1', '1.234,56'),
      ...['sem custo', 'R$ --', 'a definir', 'Sin costo', 'nil', 'n/a', 'US$ -', 'To be confirmed'].map(
        (words, at) => row(String(at + 2), words),
      ),
      row('10', 'tres/3'),
    ),
    rows: [a, ...Array.from({ length: 8 }, (_, at) => ({ contract_id: String(at + 2), value: null }))],
    rejects: [{ line: 11, reason: /"tres\/3" in Valor is no amount/ }],
    warnings: [/^8 of 9 rows have no value .*line 3/],
  },
  'values under a column without a name': {
    body: 'Contrato;Fornecedor;;Valor;Data de Assinatura\n1;FULANO;1.234,56;;01/02/2024\n2;BELTRANO;10,00;;02/02/2024\n',
    rows: [{ contract_id: '1', value: 1234.56 }, b],
    warnings: [/"Valor" stand one column to the left/],
  },
  'one value under a column without a name': {
    body: 'Contrato;Fornecedor;;Valor\n1;FULANO;1.234,56;\n2;B;;10,00\n3;C;;11,00\n4;D;;12,00\n5;E;;1,00\n6;F;;1,00\n',
    rows: [{ value: 1234.56 }, b, { value: 11 }, { value: 12 }, {}, {}],
    warnings: [/1 amount stands one column beside "Valor".*line 2/],
  },
  'an instalment beside an empty total is not taken': {
    body: 'Contrato;Fornecedor;valor_parcela;valor_global\n1;FULANO;1.234,56;\n2;B;10,00;5,00\n',
    rows: [{ value: null }, { value: 5 }],
  },
  'supplier and tax number in one cell': {
    body: `Contrato;Fornecedor;Valor\n1;${CNPJ} - FULANO LTDA;1.234,56\n2;BELTRANO ME (CNPJ: 05.488.891/0001-90);10,00\n3;111.444.777-35 - ANA;1,00\n`,
    rows: [
      { supplier_id: '27433790000155', supplier_name: 'FULANO LTDA' },
      { supplier_id: '05488891000190', supplier_name: 'BELTRANO ME' },
      { supplier_id: '11144477735', supplier_name: 'ANA' },
    ],
    columns: { supplier_id: 'Fornecedor', supplier_name: 'Fornecedor' },
  },
  'amounts as text': {
    body: table(
      row('1', 'R$ 1.234,56 (mil duzentos e trinta e quatro reais e cinquenta e seis centavos)'),
      row('2', '10,00 reais'),
      row('3', 'R$ -1,00'),
      row('4', '(2.000,00)'),
      row('5', '1e+05'),
      row('6', '-'),
      row('7', 'NA'),
      row('8', 'R$\u00a05.000'),
    ),
    rows: [
      a,
      b,
      { value: -1 },
      { value: -2000 },
      { value: 100_000 },
      { value: null },
      { value: null },
      { value: 5000 },
    ],
  },
  'a point that parts thousands, told by one value far below': {
    body: table(...Array.from({ length: 9000 }, (_, at) => `n${at};;F;P;1.234;`), '1;;F;P;1.234,56;').replace(
      /;/g,
      '\t',
    ),
    rows: [...Array.from({ length: 9000 }, () => ({ value: 1234 })), { value: 1234.56 }],
  },
  'a point that parts hundredths, told by one value far below': {
    body: table(
      ...Array.from({ length: 9000 }, (_, at) => `n${at};;F;Papel A4 tipo ${'x'.repeat(100)};1.234;`),
      '1;;F;P;1234.5;',
    ),
    rows: [...Array.from({ length: 9000 }, () => ({ value: 1.234 })), { value: 1234.5 }],
  },
  'English amounts and American days': {
    body: 'contract number,supplier,amount,date signed\n1,ACME,"1,234.56",03/15/2024\n2,ACME,10,01/02/2024\n',
    rows: [
      { value: 1234.56, signed_at: '2024-03-15' },
      { value: 10, signed_at: '2024-01-02' },
    ],
  },
  days: {
    body: table(
      ...[
        '1/2/24',
        '2024-02-01',
        '2024-02-01T23:59:00-03:00',
        '01/02/2024 10:30',
        '45323',
        '31/02/2024',
        '01/02/0221',
        '12 de março de 2024',
        'amanhã',
      ].map((day, at) => row(String(at), '1,00', day)),
    ),
    rows: [
      '2024-02-01',
      '2024-02-01',
      '2024-02-01',
      '2024-02-01',
      '2024-02-01',
      null,
      '0221-02-01',
      '2024-03-12',
      null,
    ].map((signed_at) => ({ signed_at })),
    warnings: [
      /1 day of "Data de Assinatura" does not exist.*line 7: 31/,
      /unlikely year.*line 8/,
      /1 cell of "Data de Assinatura" is no day.*amanhã/,
    ],
  },
  'tax numbers': {
    body: table(
      ...[
        '27433790000155',
        '5488891000190',
        '000.111.444.777-35',
        '00011144477735',
        '***.123.456-**',
        '27.433.790/0001-54',
        '12.ABC.345/01DE-35',
        '1144477735',
      ].map((id, at) => `${at};${id};F;P;1,00;`),
    ),
    rows: [
      '27433790000155',
      '05488891000190',
      '11144477735',
      '11144477735',
      '***.123.456-**',
      '27433790000154',
      '12ABC34501DE35',
      undefined,
    ].map((supplier_id) => (supplier_id ? { supplier_id } : {})),
    warnings: [/numbers? of "CNPJ" (?:is|are) no valid CNPJ or CPF, kept as given \((?:first )?in line 7/],
  },
  'numbers that repeat, and none': {
    body: table(row('7', '1,00'), row('7', '2,00'), row('8', '3,00'), row('', '4,00'), row('9#1', '5,00')),
    rows: ['7', '8', '#5', '9#1#6'].map((contract_id) => ({ contract_id })),
  },
  'NA is a campus, elsewhere nothing': {
    body: 'campus;numero;fornecedor;valor\nNA;NA;N/A;1,00\nRT;2;F;2,00\nCB;3;null;3,00\nNA;4;Não informado;4,00\n',
    rows: [
      { buyer_name: 'NA', contract_number: null, supplier_name: null },
      { buyer_name: 'RT' },
      { supplier_name: null },
      { buyer_name: 'NA', supplier_name: null },
    ],
  },
  'one absurd amount': {
    body: table(
      ...Array.from({ length: 20 }, (_, at) => row(String(at), `${1000 + at},00`)),
      row('x', '999.999.999.999,00'),
    ),
    rows: [...Array.from({ length: 20 }, () => ({})), { value: 999_999_999_999 }],
    warnings: [/999,999,999,999 in line 22 is absurd/],
  },
  'formulas are text': {
    body: table(`1;${CNPJ};=cmd|'/c calc'!A1;@SUM(1);1.234,56;01/02/2024`, two[1]),
    rows: [{ supplier_name: "=cmd|'/c calc'!A1", object: '@SUM(1)' }, b],
  },
  'a term of two days in one cell': {
    body: 'Contrato;Fornecedor;Valor;Vigência\n1;F;1,00;01/02/2024 a 31/12/2024\n2;F;1,00;01/02/2024 até 31/12/2024\n',
    rows: [
      { start_at: '2024-02-01', end_at: '2024-12-31' },
      { start_at: '2024-02-01', end_at: '2024-12-31' },
    ],
    columns: { start_at: 'Vigência', end_at: 'Vigência' },
  },
  'items: a bare number is no item, a unit is a measure': {
    body: 'Item;Descrição;Unidade;Quantidade;Preço Unitário;Preço Total;Empresa Vencedora\n1;Papel A4;RESMA;10;25,50;255,00;ACME\n2;Caneta;CX;1.000;2,50;2.500,00;ACME\n',
    rows: [
      { item: 'Papel A4', unit_of_measure: 'RESMA', unit_price: 25.5, value: 255 },
      { item: 'Caneta', quantity: 1000, value: 2500 },
    ],
  },
  'units told in words are the buyers too': {
    body: 'Empenho;Unidade Gestora;Credor;Valor Empenhado;Valor Pago\n1;PREFEITURA DE X;ACME;10.00;5.00\n2;CAMARA DE X;ACME;1e+05;0\n',
    rows: [
      { unit_name: 'PREFEITURA DE X', buyer_name: 'PREFEITURA DE X', unit_id: null, value: 10 },
      { unit_name: 'CAMARA DE X', value: 100_000 },
    ],
  },
  'group names that read as one with the names below': {
    body: 'Relação de Contratos;;;;;;\nContrato;Fornecedor;;Datas;;Valores;\nNúmero;CPF/CNPJ;Nome;Assinatura;Término;Contratado;Pago\n1;27433790000155;ACME;01/02/2024;31/12/2024;1.234,56;500,00\n2;27433790000155;ACME;03/02/2024;31/12/2024;10,00;0,00\n',
    rows: [{ ...a, supplier_name: 'ACME', end_at: '2024-12-31' }, b],
    columns: { final_value: 'Valores Contratado', signed_at: 'Datas Assinatura' },
  },
  'the bare CNPJ beside the supplier, not the one beside the buyer': {
    body: 'Órgão;CNPJ;Contrato;Fornecedor;CNPJ/CPF;Valor\nPM;00.332.087/0003-66;1;ACME;27.433.790/0001-55;1,00\n',
    rows: [{ buyer_name: 'PM', supplier_id: '27433790000155' }],
  },
  'two totals': {
    body: 'Contrato;Fornecedor;Valor Total;Valor do Contrato\n1;F;1,00;2,00\n',
    rows: [{ value: 1 }],
    warnings: [/took "Valor Total", left "Valor do Contrato"/],
  },
  'unit price and quantity without a total': {
    body: 'Contrato;Fornecedor;Quantidade;Valor Unitário;Valor Unitário Estimado\n1;F;3;1,10;1,00\n',
    rows: [{ value: 3.3, unit_price: 1.1, reference_price: 1, quantity: 3 }],
  },
  'a budget line that begins with a number is no amount': {
    body: 'Contrato;Programa;Fornecedor;Valor\n1;01 Poder Legislativo;ACME;10,00\n2;02 Gobierno;BETA;20,00\n',
    rows: [{ value: 10 }, { value: 20 }],
  },
  'a mapping of the caller': {
    body: 'foo;bar;baz\nACME;1.234,56;9\n',
    rows: [{ supplier_name: 'ACME', value: 1234.56, contract_id: '9' }],
    options: { mapping: { supplier_name: 'foo', final_value: 'bar', contract_number: 'baz' } },
  },
}

for (const [name, { body, rows: expected, rejects = [], warnings = [], columns, options }] of Object.entries(
  CASES,
)) {
  t.test(name, async (t) => {
    const { report, rows } = await read(body, options)
    t.equal(rows.length, expected.length)
    t.match(rows, expected)
    t.equal(report.rows, rows.length)
    t.match(report.rejects, rejects)
    t.equal(report.rejected, rejects.length)
    for (const warning of warnings)
      t.ok(
        report.warnings.some((text) => warning.test(text)),
        `${warning} in ${report.warnings.join(' | ')}`,
      )
    if (columns) t.match(report.columns, columns)
    t.equal(new Set(rows.map((contract) => contract.contract_id)).size, rows.length)
  })
}
