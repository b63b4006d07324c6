import { isBlank } from './blank.ts'
import { fold } from './header-name.ts'

/** Matches the words of a total. */
const TOTAL =
  /^(?:(?:sub ?|valor )?tota(?:l|is)(?: (?:geral|general|parcial|global|acumulado|pagina|orgao|contratos?|registros?|do|da|de|dos|das|del|r)\b.*)?|soma(?:torio)?(?: .*)?|suma(?: total)?|grand total)$/
/** Matches lines that portals print below or between their tables. */
const FOOTER =
  /^(?:fonte|usuario|sistema|versao|nota \d+|dados (?:extraidos|atualizados|preliminares|sujeitos)|data (?:(?:de|da|do) )?(?:geracao|emissao|extracao|impressao|atualizacao|consulta)|gerado|emitido|impresso|extraido|relatorio|observac\w+|obs|nota|legenda|filtros?|(?:quantidade|numero|total)(?: de)? (?:registros?|linhas|contratos)|registros? encontrados|fuente|source|generated)\b/

export interface PrintedLinesOptions {
  /** The header's rows, which may be repeated on each page. */
  headerRows: readonly (readonly string[])[]
  /** Lines above the header, which may be repeated on each page. */
  titles: readonly string[]
  /** Number of cells of a record. */
  width: number
  /** Column of the supplier's number, if there is one. */
  supplierColumn: number | undefined
}

/** Recognises rows that portals print among the records: headers, footers, totals. */
export interface PrintedLines {
  /** Tells whether a row repeats the header, or numbers the columns: `(1);(2);(3)`. */
  isHeader(cells: readonly string[]): boolean
  /** Tells whether a row repeats a line above the header, or is a footer or a page number. */
  isPageLine(cells: readonly string[]): boolean
  /** Tells whether a row ends with the number of its page: `Exercício: 2026;…;Página: 1 de 36`. */
  isPageEnd(cells: readonly string[]): boolean
  /** Returns the words that make a row a total, or null. */
  totalIn(cells: readonly string[]): string | null
  /** Returns the only text of an otherwise empty row and its column, or null. */
  aloneIn(cells: readonly string[]): { text: string; column: number } | null
}

/** Makes the recognition of printed rows by their words. */
export function printedLines(options: PrintedLinesOptions): PrintedLines {
  const { width, supplierColumn } = options
  const headers = options.headerRows.map((cells) => {
    const header = cells.map((cell) => cell.trim())
    return { header, first: header.findIndex((name) => name !== '') }
  })
  const titles = new Set(options.titles.map(fold).filter((title) => title !== ''))

  return {
    isHeader: (cells) => repeatsHeader(cells) || isNumbering(cells),
    isPageLine,
    isPageEnd,
    totalIn,
    aloneIn,
  }

  function repeatsHeader(cells: readonly string[]): boolean {
    for (const { header, first } of headers) {
      if (cells[first] !== header[first] && cells[first]?.trim() !== header[first]) continue
      if (header.every((name, index) => name === (cells[index]?.trim() ?? ''))) return true
    }
    return false
  }

  function isNumbering(cells: readonly string[]): boolean {
    return (
      width > 2 &&
      /^\(?1\)?$/.test(cells[0] as string) &&
      cells.every((cell, at) => cell === '' || cell.replace(/[()\s]/g, '') === `${at + 1}`)
    )
  }

  function isPageLine(cells: readonly string[]): boolean {
    const joined = cells.join(' ')
    const text = fold(joined)
    return (
      /^\s*"?(?:\*|\(?\d\)\s)/.test(joined) ||
      titles.has(text) ||
      FOOTER.test(text) ||
      /^(?:pagina|pag|page|folha) \d+(?: (?:de|of|\/)? ?\d+)?$/.test(text)
    )
  }

  function isPageEnd(cells: readonly string[]): boolean {
    return /\b(?:pagina|page|folha) \d+ (?:de|of) \d+$/.test(fold(cells.join(' ')))
  }

  function totalIn(cells: readonly string[]): string | null {
    if (supplierColumn !== undefined && /\d{8}/.test(cells[supplierColumn]?.trim() ?? '')) return null
    let filled = 0
    let label: string | null = null
    for (const cell of cells) {
      const text = cell.trim()
      if (text === '' || isBlank(text)) continue
      filled++
      if (
        label === null &&
        text.length < 80 &&
        /^\W*(?:sub|val|tot|som|sum|gran)/i.test(text) &&
        TOTAL.test(fold(text).replace(/ r? ?[\d ]+$/, ''))
      ) {
        label = text
      }
    }
    return label !== null && filled <= Math.max(3, width * 0.5) ? label : null
  }

  function aloneIn(cells: readonly string[]): { text: string; column: number } | null {
    if (width < 4) return null
    let alone: { text: string; column: number } | null = null
    for (const [column, cell] of cells.entries()) {
      const text = cell.trim()
      if (text === '') continue
      if (alone !== null) return null
      alone = { text, column }
    }
    return alone !== null && /\p{L}{2}/u.test(alone.text) && /\s/.test(alone.text) ? alone : null
  }
}
