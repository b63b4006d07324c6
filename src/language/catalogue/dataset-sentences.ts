import { type Area, entry } from '../entry.ts'
import type { Format } from '../format.ts'
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

const FIRST = { en: 'first in line', pt: 'o primeiro na linha', es: 'el primero en la línea' } as const

const counted = (texts: Readonly<Record<Language, (found: Counted) => string>>) => {
  const told = (language: Language) => (found: Counted, format: Format) =>
    `${format.number(found.count)} ${texts[language](found)} (${FIRST[language]} ${found.line}${found.example === '' ? '' : `: ${found.example}`})`
  return entry<Counted>({ en: told('en'), pt: told('pt'), es: told('es') })
}

/** Warnings that are counted: all of them speak of the same values. */
const counts = {
  headers_repeated: counted({
    en: () => 'repeated header rows were left out',
    pt: () => 'linhas de cabeçalho repetidas foram deixadas de fora',
    es: () => 'filas de encabezado repetidas quedaron fuera',
  }),
  quote_open: counted({
    en: () => 'records have a quotation mark that is never closed; read as text',
    pt: () => 'registros têm uma aspa que nunca é fechada; lidos como texto',
    es: () => 'registros tienen una comilla que nunca se cierra; leídos como texto',
  }),
  cells_no_amount: counted({
    en: ({ column }) => `cells of "${column}" are no amounts, left empty`,
    pt: ({ column }) => `células de "${column}" não são valores e ficaram vazias`,
    es: ({ column }) => `celdas de "${column}" no son importes y quedaron vacías`,
  }),
  notes_alone: counted({
    en: () => 'lines with a title or a note alone were left out',
    pt: () => 'linhas só com um título ou uma nota foram deixadas de fora',
    es: () => 'líneas con solo un título o una nota quedaron fuera',
  }),
  texts_run_on: counted({
    en: () => 'lines go on with the object of the contract before them; joined to it',
    pt: () => 'linhas continuam o objeto do contrato anterior; foram juntadas a ele',
    es: () => 'líneas continúan el objeto del contrato anterior; se unieron a él',
  }),
  page_lines: counted({
    en: () => 'page titles, footers and page numbers were left out',
    pt: () => 'títulos, rodapés e números de página foram deixados de fora',
    es: () => 'títulos, pies y números de página quedaron fuera',
  }),
  total_lines: counted({
    en: () => 'total lines were not counted as contracts',
    pt: () => 'linhas de total não foram contadas como contratos',
    es: () => 'líneas de total no se contaron como contratos',
  }),
  amounts_beside: counted({
    en: ({ column }) => `amounts stand one column beside "${column}"; taken from there`,
    pt: ({ column }) => `valores estão uma coluna ao lado de "${column}"; foram lidos dali`,
    es: ({ column }) => `importes están una columna al lado de "${column}"; se tomaron de allí`,
  }),
  days_impossible: counted({
    en: ({ column }) => `days of "${column}" do not exist and were left empty`,
    pt: ({ column }) => `datas de "${column}" não existem e ficaram vazias`,
    es: ({ column }) => `fechas de "${column}" no existen y quedaron vacías`,
  }),
  cells_no_day: counted({
    en: ({ column }) => `cells of "${column}" are no days and were left empty`,
    pt: ({ column }) => `células de "${column}" não são datas e ficaram vazias`,
    es: ({ column }) => `celdas de "${column}" no son fechas y quedaron vacías`,
  }),
  days_unlikely: counted({
    en: ({ column }) => `days of "${column}" lie in an unlikely year`,
    pt: ({ column }) => `datas de "${column}" estão em um ano improvável`,
    es: ({ column }) => `fechas de "${column}" están en un año improbable`,
  }),
  cells_no_currency: counted({
    en: ({ column }) => `cells of "${column}" name no currency`,
    pt: ({ column }) => `células de "${column}" não indicam nenhuma moeda`,
    es: ({ column }) => `celdas de "${column}" no indican ninguna moneda`,
  }),
  tax_numbers_invalid: counted({
    en: ({ column }) => `numbers of "${column}" are no valid CNPJ or CPF, kept as given`,
    pt: ({ column }) => `números de "${column}" não são CNPJ nem CPF válidos; mantidos como estão`,
    es: ({ column }) => `números de "${column}" no son CNPJ ni CPF válidos; se conservan como están`,
  }),
  items_of_two_currencies: counted({
    en: () => 'awards have items in two currencies and so no value',
    pt: () => 'adjudicações têm itens em duas moedas e por isso ficaram sem valor',
    es: () => 'adjudicaciones tienen artículos en dos monedas y por eso quedaron sin valor',
  }),
} as const satisfies Area

/** A share of a file's rows, with the first of them. */
type Share = { readonly count: number; readonly rows: number; readonly line: number }

const share = (texts: Readonly<Record<Language, string>>) => {
  const told =
    (language: Language, of: string, rows: string, first: string) =>
    ({ count, rows: all, line }: Share, { number }: Format) =>
      `${number(count)} ${of} ${number(all)} ${rows} ${texts[language]} (${first} ${line})`
  return entry<Share>({
    en: told('en', 'of', 'rows', 'first in line'),
    pt: told('pt', 'de', 'linhas', 'a primeira é a linha'),
    es: told('es', 'de', 'filas', 'la primera es la línea'),
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
  rows_without_value: share({ en: 'have no value', pt: 'não têm valor', es: 'no tienen valor' }),
  rows_with_fractions: share({
    en: 'have an amount with more than two decimals',
    pt: 'têm um valor com mais de duas casas decimais',
    es: 'tienen un importe con más de dos decimales',
  }),
  rows_in_future: share({
    en: 'are dated in the future',
    pt: 'têm data no futuro',
    es: 'tienen fecha futura',
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
    en: ({ count }, { number }) => `${number(count)} byte sequences are no UTF-8 and were replaced`,
    pt: ({ count }, { number }) => `${number(count)} sequências de bytes não são UTF-8 e foram substituídas`,
    es: ({ count }, { number }) => `${number(count)} secuencias de bytes no son UTF-8 y se reemplazaron`,
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
  decimal_commas: {
    en: 'Decimal commas without quotation marks part the cells of this file; amounts were put together again',
    pt: 'Vírgulas decimais sem aspas partem as células deste arquivo; os valores foram recompostos',
    es: 'Comas decimales sin comillas parten las celdas de este archivo; los importes se recompusieron',
  },
  numbers_unlike: entry<{ count: number; line: number }>({
    en: ({ count, line }, { number }) =>
      `${number(count)} contract numbers come again with another object; their rows were not joined (first in line ${line})`,
    pt: ({ count, line }, { number }) =>
      `${number(count)} números de contrato voltam com outro objeto; suas linhas não foram unidas (o primeiro na linha ${line})`,
    es: ({ count, line }, { number }) =>
      `${number(count)} números de contrato vuelven con otro objeto; sus filas no se unieron (el primero en la línea ${line})`,
  }),
} as const satisfies Area
