import { type Area, entry } from '../entry.ts'

/** Says why a record of a file is no contract. */
export const reject = {
  no_amount: entry<{ text: string; column: string }>({
    en: ({ text, column }) => `"${text}" in ${column} is no amount`,
    pt: ({ text, column }) => `"${text}" em ${column} não é um valor`,
    es: ({ text, column }) => `"${text}" en ${column} no es un importe`,
  }),
  width: entry<{ found: number; width: number }>({
    en: ({ found, width }, { count }) => `${count(found, 'cell', 'cells')} where the header has ${width}`,
    pt: ({ found, width }, { count }) => `${count(found, 'célula', 'células')} onde o cabeçalho tem ${width}`,
    es: ({ found, width }, { count }) =>
      `${count(found, 'celda', 'celdas')} donde el encabezado tiene ${width}`,
  }),
  quote_open: {
    en: 'a quotation mark is never closed',
    pt: 'uma aspa nunca é fechada',
    es: 'una comilla nunca se cierra',
  },
  nothing_recognised: {
    en: 'none of the recognised columns has a value',
    pt: 'nenhuma das colunas reconhecidas tem valor',
    es: 'ninguna de las columnas reconocidas tiene valor',
  },
  amount_alone: {
    en: 'an amount without supplier, number, object or date',
    pt: 'um valor sem fornecedor, número, objeto nem data',
    es: 'un importe sin proveedor, número, objeto ni fecha',
  },
  too_long: {
    en: 'the record is too long',
    pt: 'o registro é longo demais',
    es: 'el registro es demasiado largo',
  },
  not_object: { en: 'not a JSON object', pt: 'não é um objeto JSON', es: 'no es un objeto JSON' },
  not_json: { en: 'not valid JSON', pt: 'não é JSON válido', es: 'no es JSON válido' },
  award_ended: entry<{ status: string }>({
    en: ({ status }) => `the award was ${status}`,
    pt: ({ status }) => `a adjudicação foi encerrada: ${status}`,
    es: ({ status }) => `la adjudicación terminó: ${status}`,
  }),
} as const satisfies Area
