import { type Area, entry, type Phrase } from '../entry.ts'
import type { Language } from '../language.ts'

/** Formats that are known by their first bytes and are not read. */
const FORMATS = {
  zip: {
    en: 'a ZIP archive or an Excel/LibreOffice workbook (.xlsx, .ods)',
    pt: 'um arquivo ZIP ou uma planilha do Excel/LibreOffice (.xlsx, .ods)',
    es: 'un archivo ZIP o un libro de Excel/LibreOffice (.xlsx, .ods)',
  },
  pdf: { en: 'a PDF document', pt: 'um documento PDF', es: 'un documento PDF' },
  gzip: {
    en: 'gzip; send it with Content-Encoding: gzip',
    pt: 'gzip; envie-o com Content-Encoding: gzip',
    es: 'gzip; envíelo con Content-Encoding: gzip',
  },
  rar: { en: 'a RAR archive', pt: 'um arquivo RAR', es: 'un archivo RAR' },
  seven_zip: { en: 'a 7-Zip archive', pt: 'um arquivo 7-Zip', es: 'un archivo 7-Zip' },
  parquet: { en: 'a Parquet file', pt: 'um arquivo Parquet', es: 'un archivo Parquet' },
  bzip2: { en: 'a bzip2 archive', pt: 'um arquivo bzip2', es: 'un archivo bzip2' },
  zstandard: { en: 'a Zstandard archive', pt: 'um arquivo Zstandard', es: 'un archivo Zstandard' },
  picture: { en: 'a picture', pt: 'uma imagem', es: 'una imagen' },
  rtf: { en: 'an RTF document', pt: 'um documento RTF', es: 'un documento RTF' },
  database: { en: 'a database', pt: 'um banco de dados', es: 'una base de datos' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>

/** A format that is known by its first bytes and is not read. */
export type OtherFormat = keyof typeof FORMATS

/** A table without a column that is needed. */
type Unrecognised = {
  headers: readonly string[]
  /** The recognised columns, as `?mapping=` takes them; the needed one too, where `choose` is null. */
  mapping: string
  /** The canonical column for which nothing could be guessed. */
  choose: string | null
  /** Headers that may be meant by it. */
  likely: readonly string[]
}

/** Says why a file is of no use as a dataset, and what to do. */
export const unusable = {
  json_as_csv: {
    en: 'The body is JSON; send it as application/json or application/x-ndjson, not as text/csv',
    pt: 'O corpo é JSON; envie-o como application/json ou application/x-ndjson, não como text/csv',
    es: 'El cuerpo es JSON; envíelo como application/json o application/x-ndjson, no como text/csv',
  },
  line_too_long: entry<{ line: number }>({
    en: ({ line }) => `Line ${line} is longer than 16 MiB`,
    pt: ({ line }) => `A linha ${line} tem mais de 16 MiB`,
    es: ({ line }) => `La línea ${line} tiene más de 16 MiB`,
  }),
  no_object: {
    en: 'No JSON object was found: neither a release, nor a list of contracts',
    pt: 'Nenhum objeto JSON foi encontrado: nem uma release, nem uma lista de contratos',
    es: 'No se encontró ningún objeto JSON: ni una release, ni una lista de contratos',
  },
  file_too_large: entry<{ bytes: number }>({
    en: ({ bytes }, { number }) => `The file is larger than ${number(bytes)} bytes`,
    pt: ({ bytes }, { number }) => `O arquivo tem mais de ${number(bytes)} bytes`,
    es: ({ bytes }, { number }) => `El archivo tiene más de ${number(bytes)} bytes`,
  }),
  sheet_too_large: entry<{ bytes: number }>({
    en: ({ bytes }, { number }) => `The sheet is larger than ${number(bytes)} bytes`,
    pt: ({ bytes }, { number }) => `A planilha tem mais de ${number(bytes)} bytes`,
    es: ({ bytes }, { number }) => `La hoja tiene más de ${number(bytes)} bytes`,
  }),
  inflates: entry<{ name: string; bytes: number }>({
    en: ({ name, bytes }, { number }) => `"${name}" inflates to more than ${number(bytes)} bytes`,
    pt: ({ name, bytes }, { number }) => `"${name}" descompactado tem mais de ${number(bytes)} bytes`,
    es: ({ name, bytes }, { number }) => `"${name}" descomprimido tiene más de ${number(bytes)} bytes`,
  }),
  bad_gzip: {
    en: 'The body is not valid gzip, or is cut short',
    pt: 'O corpo não é gzip válido, ou está incompleto',
    es: 'El cuerpo no es gzip válido, o está incompleto',
  },
  binary: entry<{ at: number }>({
    en: ({ at }) => `The file is binary, not text: byte ${at} is NUL`,
    pt: ({ at }) => `O arquivo é binário, não texto: o byte ${at} é NUL`,
    es: ({ at }) => `El archivo es binario, no texto: el byte ${at} es NUL`,
  }),
  empty: { en: 'The file is empty', pt: 'O arquivo está vazio', es: 'El archivo está vacío' },
  blank_lines: {
    en: 'The file holds only blank lines',
    pt: 'O arquivo só tem linhas em branco',
    es: 'El archivo solo tiene líneas en blanco',
  },
  old_workbook: {
    en: 'The file is an old Excel workbook (.xls). Save it as .xlsx, .ods or CSV and send that',
    pt: 'O arquivo é uma planilha antiga do Excel (.xls). Salve-o como .xlsx, .ods ou CSV e envie esse',
    es: 'El archivo es un libro antiguo de Excel (.xls). Guárdelo como .xlsx, .ods o CSV y envíe ese',
  },
  other_format: entry<{ format: OtherFormat }>({
    en: ({ format }) => `The file is ${FORMATS[format].en}. Send the table itself as CSV, NDJSON or JSON`,
    pt: ({ format }) => `O arquivo é ${FORMATS[format].pt}. Envie a própria tabela como CSV, NDJSON ou JSON`,
    es: ({ format }) => `El archivo es ${FORMATS[format].es}. Envíe la propia tabla como CSV, NDJSON o JSON`,
  }),
  html: entry<{ title: string | null }>({
    en: ({ title }) =>
      `The file is an HTML page saved as a data file${title === null ? '' : ` ("${title}")`}, not the data`,
    pt: ({ title }) =>
      `O arquivo é uma página HTML salva como arquivo de dados${title === null ? '' : ` ("${title}")`}, não os dados`,
    es: ({ title }) =>
      `El archivo es una página HTML guardada como archivo de datos${title === null ? '' : ` ("${title}")`}, no los datos`,
  }),
  xml: {
    en: 'The file is an XML document',
    pt: 'O arquivo é um documento XML',
    es: 'El archivo es un documento XML',
  },
  json_none: {
    en: 'The file holds no JSON value',
    pt: 'O arquivo não tem nenhum valor JSON',
    es: 'El archivo no tiene ningún valor JSON',
  },
  json_cut: {
    en: 'The JSON text is cut short: it ends inside a value',
    pt: 'O texto JSON está incompleto: termina dentro de um valor',
    es: 'El texto JSON está incompleto: termina dentro de un valor',
  },
  json_too_long: {
    en: 'A JSON value is longer than 16 MiB, and no list of records was found',
    pt: 'Um valor JSON tem mais de 16 MiB, e nenhuma lista de registros foi encontrada',
    es: 'Un valor JSON tiene más de 16 MiB, y no se encontró ninguna lista de registros',
  },
  json_goes_on: entry<{ text: string }>({
    en: ({ text }) => `The JSON text goes on behind its end: "${text}"`,
    pt: ({ text }) => `O texto JSON continua depois do fim: "${text}"`,
    es: ({ text }) => `El texto JSON sigue después de su fin: "${text}"`,
  }),
  json_values: {
    en: 'The JSON holds values without names: a list of contracts is one of objects, each with its names and values',
    pt: 'O JSON tem valores sem nomes: uma lista de contratos é de objetos, cada um com seus nomes e valores',
    es: 'El JSON tiene valores sin nombres: una lista de contratos es de objetos, cada uno con sus nombres y valores',
  },
  json_begins: entry<{ text: string }>({
    en: ({ text }) => `The file is not JSON: it begins with "${text}"`,
    pt: ({ text }) => `O arquivo não é JSON: começa com "${text}"`,
    es: ({ text }) => `El archivo no es JSON: empieza por "${text}"`,
  }),
  json_brackets: {
    en: 'The file is not JSON: a bracket is closed that was never opened',
    pt: 'O arquivo não é JSON: fecha-se um colchete que nunca foi aberto',
    es: 'El archivo no es JSON: se cierra un corchete que nunca se abrió',
  },
  record_not_json: entry<{ record: number; text: string }>({
    en: ({ record, text }) => `Record ${record} is not valid JSON: ${text}`,
    pt: ({ record, text }) => `O registro ${record} não é JSON válido: ${text}`,
    es: ({ record, text }) => `El registro ${record} no es JSON válido: ${text}`,
  }),
  zip_several: entry<{ tables: readonly string[] }>({
    en: ({ tables }) => `The zip holds several tables: ${tables.join(', ')}. Send one of them`,
    pt: ({ tables }) => `O zip tem várias tabelas: ${tables.join(', ')}. Envie uma delas`,
    es: ({ tables }) => `El zip tiene varias tablas: ${tables.join(', ')}. Envíe una de ellas`,
  }),
  zip_no_table: entry<{ names: readonly string[] }>({
    en: ({ names }) => `The zip holds no table (CSV, NDJSON, JSON, .xlsx or .ods): ${names.join(', ')}`,
    pt: ({ names }) => `O zip não tem nenhuma tabela (CSV, NDJSON, JSON, .xlsx ou .ods): ${names.join(', ')}`,
    es: ({ names }) => `El zip no tiene ninguna tabla (CSV, NDJSON, JSON, .xlsx u .ods): ${names.join(', ')}`,
  }),
  zip_in_zip: {
    en: 'The zip holds another zip; send the table in it',
    pt: 'O zip contém outro zip; envie a tabela que está nele',
    es: 'El zip contiene otro zip; envíe la tabla que está en él',
  },
  archive_damaged: {
    en: 'The ZIP archive or workbook is damaged, or cut short',
    pt: 'O arquivo ZIP ou a planilha está danificado ou incompleto',
    es: 'El archivo ZIP o el libro está dañado o incompleto',
  },
  encrypted: entry<{ name: string }>({
    en: ({ name }) => `"${name}" is encrypted; send it without a password`,
    pt: ({ name }) => `"${name}" está criptografado; envie-o sem senha`,
    es: ({ name }) => `"${name}" está cifrado; envíelo sin contraseña`,
  }),
  text_too_long: entry<{ name: string }>({
    en: ({ name }) => `A cell of the workbook is longer than 16 MiB (${name})`,
    pt: ({ name }) => `Uma célula da planilha tem mais de 16 MiB (${name})`,
    es: ({ name }) => `Una celda del libro tiene más de 16 MiB (${name})`,
  }),
  memory: {
    en: 'The file needs more memory than an upload may take: a cell or a record of it is too large. Split it, or send it as CSV',
    pt: 'O arquivo precisa de mais memória do que um envio pode usar: uma célula ou um registro é grande demais. Divida-o, ou envie-o como CSV',
    es: 'El archivo necesita más memoria de la que puede usar un envío: una celda o un registro es demasiado grande. Divídalo, o envíelo como CSV',
  },
  workbook_encrypted: {
    en: 'The workbook is protected by a password. Save it without one and send that',
    pt: 'A planilha está protegida por senha. Salve-a sem senha e envie essa',
    es: 'El libro está protegido con contraseña. Guárdelo sin ella y envíe ese',
  },
  xml_broken: entry<{ name: string }>({
    en: ({ name }) => `The workbook is damaged: ${name} is no well-formed XML`,
    pt: ({ name }) => `A planilha está danificada: ${name} não é XML bem formado`,
    es: ({ name }) => `El libro está dañado: ${name} no es XML bien formado`,
  }),
  no_sheet: entry<{ sheet: string; sheets: readonly string[] }>({
    en: ({ sheet, sheets }) =>
      `The workbook has no sheet "${sheet}"; it has ${sheets.join(', ')}. Name one with ?sheet=`,
    pt: ({ sheet, sheets }) =>
      `A planilha não tem a aba "${sheet}"; tem ${sheets.join(', ')}. Indique uma com ?sheet=`,
    es: ({ sheet, sheets }) =>
      `El libro no tiene la hoja "${sheet}"; tiene ${sheets.join(', ')}. Indique una con ?sheet=`,
  }),
  no_workbook: entry<{ sheet: string }>({
    en: ({ sheet }) => `The file is no workbook and has no sheet "${sheet}"`,
    pt: ({ sheet }) => `O arquivo não é uma planilha e não tem a aba "${sheet}"`,
    es: ({ sheet }) => `El archivo no es un libro y no tiene la hoja "${sheet}"`,
  }),
  no_sheets: {
    en: 'The workbook has no sheet',
    pt: 'A planilha não tem nenhuma aba',
    es: 'El libro no tiene ninguna hoja',
  },
  sheets_unusable: entry<{ sheets: readonly string[]; why: Phrase | string }>({
    en: ({ sheets, why }, { tell }) =>
      `None of the sheets ${sheets.join(', ')} can be used. ${typeof why === 'string' ? why : tell(why)}`,
    pt: ({ sheets, why }, { tell }) =>
      `Nenhuma das abas ${sheets.join(', ')} pode ser usada. ${typeof why === 'string' ? why : tell(why)}`,
    es: ({ sheets, why }, { tell }) =>
      `Ninguna de las hojas ${sheets.join(', ')} se puede usar. ${typeof why === 'string' ? why : tell(why)}`,
  }),
  no_header: entry<{ line: string }>({
    en: ({ line }) =>
      `No header row was recognised. The first line is "${line}". Name the columns in the first row, or give ?mapping=`,
    pt: ({ line }) =>
      `Nenhuma linha de cabeçalho foi reconhecida. A primeira linha é "${line}". Dê nome às colunas na primeira linha, ou use ?mapping=`,
    es: ({ line }) =>
      `No se reconoció ninguna fila de encabezado. La primera línea es "${line}". Nombre las columnas en la primera fila, o use ?mapping=`,
  }),
  nothing_read: entry<{ count: number; line: number; why: Phrase }>({
    en: ({ count, line, why }, { number, tell }) =>
      count === 1
        ? `The only record, in line ${line}, could not be read: ${tell(why)}`
        : `None of the ${number(count)} records could be read; the first, in line ${line}: ${tell(why)}`,
    pt: ({ count, line, why }, { number, tell }) =>
      count === 1
        ? `O único registro, na linha ${line}, não pôde ser lido: ${tell(why)}`
        : `Nenhum dos ${number(count)} registros pôde ser lido; o primeiro, na linha ${line}: ${tell(why)}`,
    es: ({ count, line, why }, { number, tell }) =>
      count === 1
        ? `El único registro, en la línea ${line}, no se pudo leer: ${tell(why)}`
        : `Ninguno de los ${number(count)} registros se pudo leer; el primero, en la línea ${line}: ${tell(why)}`,
  }),
  no_contracts: entry<{ headers: readonly string[] }>({
    en: ({ headers }) => `The file has a header (${headers.join(', ')}) and no contract below it`,
    pt: ({ headers }) => `O arquivo tem um cabeçalho (${headers.join(', ')}) e nenhum contrato abaixo dele`,
    es: ({ headers }) => `El archivo tiene un encabezado (${headers.join(', ')}) y ningún contrato debajo`,
  }),
  no_amount_column: entry<Unrecognised>({
    en: ({ headers, mapping, choose, likely }, { either }) =>
      `No column with an amount was recognised. Columns seen: ${headers.join(', ')}. ${
        choose === null
          ? `Name one with ?mapping=${mapping}`
          : `None could be guessed: choose the column of the contract's amount and add its header as "${choose}" to ?mapping=${mapping}${likely.length > 0 ? `; perhaps ${either(likely)}` : ''}`
      }`,
    pt: ({ headers, mapping, choose, likely }, { either }) =>
      `Nenhuma coluna com um valor foi reconhecida. Colunas vistas: ${headers.join(', ')}. ${
        choose === null
          ? `Indique uma com ?mapping=${mapping}`
          : `Nenhuma pôde ser adivinhada: escolha a coluna do valor do contrato e acrescente seu nome como "${choose}" a ?mapping=${mapping}${likely.length > 0 ? `; talvez ${either(likely)}` : ''}`
      }`,
    es: ({ headers, mapping, choose, likely }, { either }) =>
      `No se reconoció ninguna columna con un importe. Columnas vistas: ${headers.join(', ')}. ${
        choose === null
          ? `Indique una con ?mapping=${mapping}`
          : `Ninguna se pudo adivinar: elija la columna del importe del contrato y añada su nombre como "${choose}" a ?mapping=${mapping}${likely.length > 0 ? `; quizá ${either(likely)}` : ''}`
      }`,
  }),
  no_subject_column: entry<Unrecognised>({
    en: ({ headers, mapping, choose, likely }, { either }) =>
      `No column with a supplier, buyer, object or contract number was recognised. Columns seen: ${headers.join(', ')}. ${
        choose === null
          ? `Name one with ?mapping=${mapping}`
          : `None could be guessed: choose the column of the supplier, say, and add its header as "${choose}" to ?mapping=${mapping}${likely.length > 0 ? `; perhaps ${either(likely)}` : ''}`
      }`,
    pt: ({ headers, mapping, choose, likely }, { either }) =>
      `Nenhuma coluna com fornecedor, comprador, objeto ou número de contrato foi reconhecida. Colunas vistas: ${headers.join(', ')}. ${
        choose === null
          ? `Indique uma com ?mapping=${mapping}`
          : `Nenhuma pôde ser adivinhada: escolha, por exemplo, a coluna do fornecedor e acrescente seu nome como "${choose}" a ?mapping=${mapping}${likely.length > 0 ? `; talvez ${either(likely)}` : ''}`
      }`,
    es: ({ headers, mapping, choose, likely }, { either }) =>
      `No se reconoció ninguna columna con proveedor, comprador, objeto o número de contrato. Columnas vistas: ${headers.join(', ')}. ${
        choose === null
          ? `Indique una con ?mapping=${mapping}`
          : `Ninguna se pudo adivinar: elija, por ejemplo, la columna del proveedor y añada su nombre como "${choose}" a ?mapping=${mapping}${likely.length > 0 ? `; quizá ${either(likely)}` : ''}`
      }`,
  }),
  mapping_missing: entry<{ column: string; headers: readonly string[] }>({
    en: ({ column, headers }) => `the file has no column "${column}" (it has: ${headers.join(', ')})`,
    pt: ({ column, headers }) => `o arquivo não tem a coluna "${column}" (tem: ${headers.join(', ')})`,
    es: ({ column, headers }) => `el archivo no tiene la columna "${column}" (tiene: ${headers.join(', ')})`,
  }),
} as const satisfies Area
