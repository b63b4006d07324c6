import { type Area, entry } from '../entry.ts'

/** What is said of a file that was uploaded: its warnings, its rejects, why it cannot be used. */
export const dataset = {
  rows_without_value: entry<{ count: number; rows: number; line: number }>({
    en: ({ count, rows, line }, { number }) =>
      `${number(count)} of ${number(rows)} rows have no value; the first is line ${number(line)}`,
    pt: ({ count, rows, line }, { number }) =>
      `${number(count)} de ${number(rows)} linhas não têm valor; a primeira é a linha ${number(line)}`,
    es: ({ count, rows, line }, { number }) =>
      `${number(count)} de ${number(rows)} filas no tienen valor; la primera es la línea ${number(line)}`,
  }),
} as const satisfies Area
