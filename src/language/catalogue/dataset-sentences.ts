import { type Area, entry } from '../entry.ts'
import { type Format, plural } from '../format.ts'
import type { Language } from '../language.ts'

/** A fault that a file has more than once, with the line of the first. */
type Counted = {
  readonly count: number
  readonly line: number
  /** Name of the source column it is about; empty where it is about none. */
  readonly column: string
  /** The first cell of the kind; empty where none is shown. */
  readonly example: string
}

/** The words for one, and those for several. */
type Forms = readonly [one: (found: Counted) => string, several: (found: Counted) => string]

const FIRST = {
  en: ['in line', 'first in line'],
  pt: ['na linha', 'o primeiro na linha'],
  es: ['en la línea', 'el primero en la línea'],
} as const

const counted = (texts: Readonly<Record<Language, Forms>>) => {
  const told = (language: Language) => (found: Counted, format: Format) => {
    const form = found.count === 1 ? 0 : 1
    const example = found.example === '' ? '' : `: ${found.example}`
    return `${format.number(found.count)} ${texts[language][form](found)} (${FIRST[language][form]} ${found.line}${example})`
  }
  return entry<Counted>({ en: told('en'), pt: told('pt'), es: told('es') })
}

/** Warnings that are counted: all of them speak of the same values. */
const counts = {
  headers_repeated: counted({
    en: [() => 'repeated header row was left out', () => 'repeated header rows were left out'],
    pt: [
      () => 'linha de cabeçalho repetida foi deixada de fora',
      () => 'linhas de cabeçalho repetidas foram deixadas de fora',
    ],
    es: [
      () => 'fila de encabezado repetida quedó fuera',
      () => 'filas de encabezado repetidas quedaron fuera',
    ],
  }),
  quote_open: counted({
    en: [
      () => 'record has a quotation mark that is never closed; read as text',
      () => 'records have a quotation mark that is never closed; read as text',
    ],
    pt: [
      () => 'registro tem uma aspa que nunca é fechada; lido como texto',
      () => 'registros têm uma aspa que nunca é fechada; lidos como texto',
    ],
    es: [
      () => 'registro tiene una comilla que nunca se cierra; leído como texto',
      () => 'registros tienen una comilla que nunca se cierra; leídos como texto',
    ],
  }),
  cells_no_amount: counted({
    en: [
      ({ column }) => `cell of "${column}" is no amount, left empty`,
      ({ column }) => `cells of "${column}" are no amounts, left empty`,
    ],
    pt: [
      ({ column }) => `célula de "${column}" não é um valor e ficou vazia`,
      ({ column }) => `células de "${column}" não são valores e ficaram vazias`,
    ],
    es: [
      ({ column }) => `celda de "${column}" no es un importe y quedó vacía`,
      ({ column }) => `celdas de "${column}" no son importes y quedaron vacías`,
    ],
  }),
  notes_alone: counted({
    en: [
      () => 'line with a title or a note alone was left out',
      () => 'lines with a title or a note alone were left out',
    ],
    pt: [
      () => 'linha só com um título ou uma nota foi deixada de fora',
      () => 'linhas só com um título ou uma nota foram deixadas de fora',
    ],
    es: [
      () => 'línea con solo un título o una nota quedó fuera',
      () => 'líneas con solo un título o una nota quedaron fuera',
    ],
  }),
  texts_run_on: counted({
    en: [
      () => 'line goes on with the object of the contract before it; joined to it',
      () => 'lines go on with the object of the contract before them; joined to it',
    ],
    pt: [
      () => 'linha continua o objeto do contrato anterior; foi juntada a ele',
      () => 'linhas continuam o objeto do contrato anterior; foram juntadas a ele',
    ],
    es: [
      () => 'línea continúa el objeto del contrato anterior; se unió a él',
      () => 'líneas continúan el objeto del contrato anterior; se unieron a él',
    ],
  }),
  page_lines: counted({
    en: [
      () => 'page title, footer or page number was left out',
      () => 'page titles, footers and page numbers were left out',
    ],
    pt: [
      () => 'título, rodapé ou número de página foi deixado de fora',
      () => 'títulos, rodapés e números de página foram deixados de fora',
    ],
    es: [
      () => 'título, pie o número de página quedó fuera',
      () => 'títulos, pies y números de página quedaron fuera',
    ],
  }),
  total_lines: counted({
    en: [() => 'total line was not counted as a contract', () => 'total lines were not counted as contracts'],
    pt: [
      () => 'linha de total não foi contada como contrato',
      () => 'linhas de total não foram contadas como contratos',
    ],
    es: [
      () => 'línea de total no se contó como contrato',
      () => 'líneas de total no se contaron como contratos',
    ],
  }),
  amounts_beside: counted({
    en: [
      ({ column }) => `amount stands one column beside "${column}"; taken from there`,
      ({ column }) => `amounts stand one column beside "${column}"; taken from there`,
    ],
    pt: [
      ({ column }) => `valor está uma coluna ao lado de "${column}"; foi lido dali`,
      ({ column }) => `valores estão uma coluna ao lado de "${column}"; foram lidos dali`,
    ],
    es: [
      ({ column }) => `importe está una columna al lado de "${column}"; se tomó de allí`,
      ({ column }) => `importes están una columna al lado de "${column}"; se tomaron de allí`,
    ],
  }),
  days_impossible: counted({
    en: [
      ({ column }) => `day of "${column}" does not exist and was left empty`,
      ({ column }) => `days of "${column}" do not exist and were left empty`,
    ],
    pt: [
      ({ column }) => `data de "${column}" não existe e ficou vazia`,
      ({ column }) => `datas de "${column}" não existem e ficaram vazias`,
    ],
    es: [
      ({ column }) => `fecha de "${column}" no existe y quedó vacía`,
      ({ column }) => `fechas de "${column}" no existen y quedaron vacías`,
    ],
  }),
  cells_no_day: counted({
    en: [
      ({ column }) => `cell of "${column}" is no day and was left empty`,
      ({ column }) => `cells of "${column}" are no days and were left empty`,
    ],
    pt: [
      ({ column }) => `célula de "${column}" não é uma data e ficou vazia`,
      ({ column }) => `células de "${column}" não são datas e ficaram vazias`,
    ],
    es: [
      ({ column }) => `celda de "${column}" no es una fecha y quedó vacía`,
      ({ column }) => `celdas de "${column}" no son fechas y quedaron vacías`,
    ],
  }),
  days_unlikely: counted({
    en: [
      ({ column }) => `day of "${column}" lies in an unlikely year`,
      ({ column }) => `days of "${column}" lie in an unlikely year`,
    ],
    pt: [
      ({ column }) => `data de "${column}" está em um ano improvável`,
      ({ column }) => `datas de "${column}" estão em um ano improvável`,
    ],
    es: [
      ({ column }) => `fecha de "${column}" está en un año improbable`,
      ({ column }) => `fechas de "${column}" están en un año improbable`,
    ],
  }),
  cells_no_currency: counted({
    en: [
      ({ column }) => `cell of "${column}" names no currency`,
      ({ column }) => `cells of "${column}" name no currency`,
    ],
    pt: [
      ({ column }) => `célula de "${column}" não indica nenhuma moeda`,
      ({ column }) => `células de "${column}" não indicam nenhuma moeda`,
    ],
    es: [
      ({ column }) => `celda de "${column}" no indica ninguna moneda`,
      ({ column }) => `celdas de "${column}" no indican ninguna moneda`,
    ],
  }),
  tax_numbers_invalid: counted({
    en: [
      ({ column }) => `number of "${column}" is no valid CNPJ or CPF, kept as given`,
      ({ column }) => `numbers of "${column}" are no valid CNPJ or CPF, kept as given`,
    ],
    pt: [
      ({ column }) => `número de "${column}" não é CNPJ nem CPF válido; mantido como está`,
      ({ column }) => `números de "${column}" não são CNPJ nem CPF válidos; mantidos como estão`,
    ],
    es: [
      ({ column }) => `número de "${column}" no es CNPJ ni CPF válido; se conserva como está`,
      ({ column }) => `números de "${column}" no son CNPJ ni CPF válidos; se conservan como están`,
    ],
  }),
  items_of_two_currencies: counted({
    en: [
      () => 'award has items in two currencies and so no value',
      () => 'awards have items in two currencies and so no value',
    ],
    pt: [
      () => 'adjudicação tem itens em duas moedas e por isso ficou sem valor',
      () => 'adjudicações têm itens em duas moedas e por isso ficaram sem valor',
    ],
    es: [
      () => 'adjudicación tiene artículos en dos monedas y por eso quedó sin valor',
      () => 'adjudicaciones tienen artículos en dos monedas y por eso quedaron sin valor',
    ],
  }),
} as const satisfies Area

/** A share of a file's rows, with the first of them. */
type Share = { readonly count: number; readonly rows: number; readonly line: number }

/** Chooses the words for one row, or those for several. In English the verb follows "rows", as the wire contract has it. */
const share = (texts: Readonly<Record<Language, readonly [one: string, several: string]>>) => {
  const told =
    (
      language: Language,
      of: string,
      [row, rows]: readonly [string, string],
      [at, first]: readonly [string, string],
    ) =>
    ({ count, rows: all, line }: Share, { number, count: counted }: Format) => {
      const one = (language === 'en' ? all : count) === 1
      return `${number(count)} ${of} ${counted(all, row, rows)} ${texts[language][one ? 0 : 1]} (${count === 1 && all === 1 ? at : first} ${line})`
    }
  return entry<Share>({
    en: told('en', 'of', ['row', 'rows'], ['in line', 'first in line']),
    pt: told('pt', 'de', ['linha', 'linhas'], ['na linha', 'a primeira é a linha']),
    es: told('es', 'de', ['fila', 'filas'], ['en la línea', 'la primera es la línea']),
  })
}

/** Two columns that fit the same field, of which one was taken. */
const RIVALS = {
  en: {
    final_value: 'the total',
    initial_value: 'the initial value',
    unit_price: 'the unit price',
    supplier_name: 'the supplier',
    supplier_id: "the supplier's number",
    buyer_name: 'the buyer',
    signed_at: 'the day of signature',
  },
  pt: {
    final_value: 'o total',
    initial_value: 'o valor inicial',
    unit_price: 'o preço unitário',
    supplier_name: 'o fornecedor',
    supplier_id: 'o número do fornecedor',
    buyer_name: 'o comprador',
    signed_at: 'a data de assinatura',
  },
  es: {
    final_value: 'el total',
    initial_value: 'el valor inicial',
    unit_price: 'el precio unitario',
    supplier_name: 'el proveedor',
    supplier_id: 'el número del proveedor',
    buyer_name: 'el comprador',
    signed_at: 'la fecha de firma',
  },
} as const

/** Warnings about a file that was read. */
export const dataset = {
  ...counts,
  rows_without_value: share({
    en: ['has no value', 'have no value'],
    pt: ['não tem valor', 'não têm valor'],
    es: ['no tiene valor', 'no tienen valor'],
  }),
  rows_with_fractions: share({
    en: ['has an amount with more than two decimals', 'have an amount with more than two decimals'],
    pt: ['tem um valor com mais de duas casas decimais', 'têm um valor com mais de duas casas decimais'],
    es: ['tiene un importe con más de dos decimales', 'tienen un importe con más de dos decimales'],
  }),
  rows_in_future: share({
    en: ['is dated in the future', 'are dated in the future'],
    pt: ['tem data no futuro', 'têm data no futuro'],
    es: ['tiene fecha futura', 'tienen fecha futura'],
  }),
  all_zero: {
    en: 'All values are zero',
    pt: 'Todos os valores são zero',
    es: 'Todos los valores son cero',
  },
  amount_absurd: entry<{ value: number; line: number; median: number }>({
    en: ({ value, line, median }, { number }) =>
      `The amount ${number(value)} in line ${line} is absurd beside a median of ${number(median)}; it is kept as it stands`,
    pt: ({ value, line, median }, { number }) =>
      `O valor ${number(value)} na linha ${line} é absurdo diante de uma mediana de ${number(median)}; foi mantido como está`,
    es: ({ value, line, median }, { number }) =>
      `El importe ${number(value)} en la línea ${line} es absurdo frente a una mediana de ${number(median)}; se conserva como está`,
  }),
  one_buyer: entry<{ buyer: string }>({
    en: ({ buyer }) =>
      `No column names a buyer: the whole file is taken as one buyer's, "${buyer}"; name it with ?buyer=`,
    pt: ({ buyer }) =>
      `Nenhuma coluna traz o órgão comprador: o arquivo todo é tomado como de um só, "${buyer}"; informe-o com ?buyer=`,
    es: ({ buyer }) =>
      `Ninguna columna nombra al órgano comprador: todo el archivo se toma como de uno solo, "${buyer}"; indíquelo con ?buyer=`,
  }),
  no_currency: {
    en: 'Nothing in the file tells the currency of its amounts (XXX); name it with ?currency=',
    pt: 'Nada no arquivo indica a moeda dos valores (XXX); informe-a com ?currency=',
    es: 'Nada en el archivo indica la moneda de los importes (XXX); indíquela con ?currency=',
  },
  several_currencies: entry<{ codes: readonly string[] }>({
    en: ({ codes }, { number }) =>
      `The file has amounts in ${number(codes.length)} currencies (${codes.join(', ')}); they are never added or compared`,
    pt: ({ codes }, { number }) =>
      `O arquivo tem valores em ${number(codes.length)} moedas (${codes.join(', ')}); nunca são somados nem comparados`,
    es: ({ codes }, { number }) =>
      `El archivo tiene importes en ${number(codes.length)} monedas (${codes.join(', ')}); nunca se suman ni se comparan`,
  }),
  bytes_replaced: entry<{ count: number }>({
    en: ({ count }, { count: counted }) =>
      `${counted(count, 'byte sequence is no UTF-8 and was', 'byte sequences are no UTF-8 and were')} replaced`,
    pt: ({ count }, { count: counted }) =>
      counted(
        count,
        'sequência de bytes não é UTF-8 e foi substituída',
        'sequências de bytes não são UTF-8 e foram substituídas',
      ),
    es: ({ count }, { count: counted }) =>
      counted(
        count,
        'secuencia de bytes no es UTF-8 y se reemplazó',
        'secuencias de bytes no son UTF-8 y se reemplazaron',
      ),
  }),
  amounts_scaled: entry<{ column: string; scale: number }>({
    en: ({ column, scale }, { number }) =>
      `The amounts of "${column}" are told in ${scale === 1000 ? 'thousands' : 'millions'}; multiplied by ${number(scale)}`,
    pt: ({ column, scale }, { number }) =>
      `Os valores de "${column}" estão em ${scale === 1000 ? 'milhares' : 'milhões'}; multiplicados por ${number(scale)}`,
    es: ({ column, scale }, { number }) =>
      `Los importes de "${column}" están en ${scale === 1000 ? 'miles' : 'millones'}; multiplicados por ${number(scale)}`,
  }),
  column_moved: entry<{ column: string; side: 'left' | 'right' }>({
    en: ({ column, side }) =>
      `The values of "${column}" stand one column to the ${side} of their name; taken from there`,
    pt: ({ column, side }) =>
      `Os valores de "${column}" estão uma coluna à ${side === 'left' ? 'esquerda' : 'direita'} do seu nome; foram lidos dali`,
    es: ({ column, side }) =>
      `Los valores de "${column}" están una columna a la ${side === 'left' ? 'izquierda' : 'derecha'} de su nombre; se tomaron de allí`,
  }),
  two_columns: entry<{ meant: keyof typeof RIVALS.en; taken: string; left: string }>({
    en: ({ meant, taken, left }) =>
      `Two columns look like ${RIVALS.en[meant]}: took "${taken}", left "${left}"`,
    pt: ({ meant, taken, left }) =>
      `Duas colunas parecem ser ${RIVALS.pt[meant]}: usada "${taken}", deixada "${left}"`,
    es: ({ meant, taken, left }) =>
      `Dos columnas parecen ser ${RIVALS.es[meant]}: se usó "${taken}", se dejó "${left}"`,
  }),
  paid_taken: entry<{ column: string }>({
    en: ({ column }) => `No column tells what was contracted; the amounts of "${column}" were taken`,
    pt: ({ column }) => `Nenhuma coluna traz o valor contratado; foram usados os valores de "${column}"`,
    es: ({ column }) => `Ninguna columna trae lo contratado; se tomaron los importes de "${column}"`,
  }),
  amount_is_quantity: entry<{ column: string; price: string; below: number; priced: number }>({
    en: ({ column, price, below, priced }, { number }) =>
      `"${column}" was taken as the quantity, since no total is below the price of one (rows where it is below "${price}": ${number(below)} of ${number(priced)})`,
    pt: ({ column, price, below, priced }, { number }) =>
      `"${column}" foi lida como quantidade, pois nenhum total é menor que o preço de um (linhas em que é menor que "${price}": ${number(below)} de ${number(priced)})`,
    es: ({ column, price, below, priced }, { number }) =>
      `"${column}" se tomó como cantidad, pues ningún total es menor que el precio de uno (filas en que es menor que "${price}": ${number(below)} de ${number(priced)})`,
  }),
  amount_or_quantity: entry<{
    column: string
    price: string
    below: number
    priced: number
    mapping: string
  }>({
    en: ({ column, price, below, priced, mapping }, { number }) =>
      `Is "${column}" a total or a quantity? It was taken as the total (rows where it is below "${price}": ${number(below)} of ${number(priced)}); give ?mapping=${mapping} if it is a quantity`,
    pt: ({ column, price, below, priced, mapping }, { number }) =>
      `"${column}" é um total ou uma quantidade? Foi lida como o total (linhas em que é menor que "${price}": ${number(below)} de ${number(priced)}); informe ?mapping=${mapping} se for uma quantidade`,
    es: ({ column, price, below, priced, mapping }, { number }) =>
      `¿"${column}" es un total o una cantidad? Se tomó como el total (filas en que es menor que "${price}": ${number(below)} de ${number(priced)}); indique ?mapping=${mapping} si es una cantidad`,
  }),
  decimal_commas: {
    en: 'Decimal commas without quotation marks part the cells of this file; amounts were put together again',
    pt: 'Vírgulas decimais sem aspas partem as células deste arquivo; os valores foram recompostos',
    es: 'Comas decimales sin comillas parten las celdas de este archivo; los importes se recompusieron',
  },
  numbers_unlike: entry<{ count: number; line: number }>({
    en: ({ count, line }, { count: counted }) =>
      `${counted(count, 'contract number comes again with another object; its', 'contract numbers come again with another object; their')} rows were not joined (${plural(count, 'in', 'first in')} line ${line})`,
    pt: ({ count, line }, { count: counted }) =>
      `${counted(count, 'número de contrato volta com outro objeto; suas linhas não foram unidas (primeiro na', 'números de contrato voltam com outro objeto; suas linhas não foram unidas (o primeiro na')} linha ${line})`,
    es: ({ count, line }, { count: counted }) =>
      `${counted(count, 'número de contrato vuelve con otro objeto; sus filas no se unieron (primero en', 'números de contrato vuelven con otro objeto; sus filas no se unieron (el primero en')} la línea ${line})`,
  }),
  numbers_shared: entry<{ count: number; line: number }>({
    en: ({ count, line }, { count: counted }) =>
      `${counted(count, 'contract number stands', 'contract numbers stand')} beside several suppliers with one amount; each supplier's row is counted, also where they share one contract (${plural(count, 'in', 'first in')} line ${line})`,
    pt: ({ count, line }, { count: counted }) =>
      `${counted(count, 'número de contrato aparece', 'números de contrato aparecem')} com vários fornecedores e um só valor; a linha de cada fornecedor é contada, mesmo que dividam um contrato (${plural(count, 'na', 'o primeiro na')} linha ${line})`,
    es: ({ count, line }, { count: counted }) =>
      `${counted(count, 'número de contrato aparece', 'números de contrato aparecen')} con varios proveedores y un solo importe; se cuenta la fila de cada proveedor, aunque compartan un contrato (${plural(count, 'en', 'el primero en')} la línea ${line})`,
  }),
} as const satisfies Area
