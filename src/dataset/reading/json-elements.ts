import { Problem } from '../../errors.ts'
import { type Sentence, say } from '../../language/sentence.ts'

/** Keys under which the answers of portals have their records. */
const CONTAINERS = new Set(
  'releases,records,data,items,contratos,contracts,results,result,content,registros,resultado,resultados,rows,dados,value,compras,empenhos,listado,retorno'.split(
    ',',
  ),
)
/** Longest element, in UTF-16 units; a longer one is no record. */
const LONGEST_ELEMENT = 16 * 1024 * 1024

export interface JsonElements {
  push(text: string): void
  /** Ends the text. @throws {Problem} `UNUSABLE_DATASET` where it ends inside a value */
  end(): void
}

const unusable = (detail: Sentence, cause?: unknown): Problem =>
  new Problem('UNUSABLE_DATASET', detail, { cause })

/** Tells whether an element is itself a list of objects, as pages of an answer are. */
const isTable = (element: unknown): element is object[] =>
  Array.isArray(element) &&
  element.length > 0 &&
  element.every((inner) => typeof inner === 'object' && inner !== null && !Array.isArray(inner))

/**
 * Finds the records in a JSON text as it arrives and parses them one by one: the elements of a bare array, or of the
 * array an object holds under a known key (`releases`, `data`, `items`…), and of the lists in it; an object without one
 * is itself the record.
 * @throws {Problem} `UNUSABLE_DATASET` for text that is not JSON
 */
export function jsonElements(onElement: (element: unknown) => void): JsonElements {
  let text = ''
  let at = 0
  let depth = 0
  let inString = false
  /** Depth of the array whose elements are the records; 0 before it is found. */
  let listDepth = 0
  let start = -1
  let keyStart = -1
  let lastKey = ''
  let began = false
  let rootEnded = false
  let found = 0
  let hasOcid = false

  return {
    push: (part) => {
      text = text.slice(keepFrom()) + part
      scan()
    },
    end: () => {
      if (!began) throw unusable(say('unusable.json_none'))
      if (!rootEnded) throw unusable(say('unusable.json_cut'))
      if (listDepth === 0 && found === 0) onElement(parse(text))
    },
  }

  function keepFrom(): number {
    let from = at
    if (listDepth === 0) from = 0
    else if (start >= 0) from = start
    if (keyStart >= 0 && keyStart < from) from = keyStart
    if (at - from > LONGEST_ELEMENT) throw unusable(say('unusable.json_too_long'))
    at -= from
    if (start >= 0) start -= from
    if (keyStart >= 0) keyStart -= from
    return from
  }

  function scan(): void {
    for (; at < text.length; at++) {
      if (inString) {
        if (!skipString()) return
        continue
      }
      const code = text.charCodeAt(at)
      if (code <= 32) continue
      if (rootEnded) throw unusable(say('unusable.json_goes_on', { text: text.slice(at, at + 20) }))
      if (code === 34) {
        inString = true
        keyStart = at
      } else if (code === 123 || code === 91) open(code)
      else if (code === 125 || code === 93) close()
      else if (!began) {
        const begins = text.slice(at, at + 20)
        const isValue = /^(?:-?\d[\d.eE+-]*|true|false|null)\s*$/.test(begins)
        throw unusable(isValue ? say('unusable.json_values') : say('unusable.json_begins', { text: begins }))
      } else if (listDepth === depth && depth > 0 && code !== 44 && start < 0) start = at
      else if (listDepth === depth && code === 44 && start >= 0) emit(at)
      began = true
    }
  }

  /** Moves to the string's closing quote; returns false where it has not arrived. */
  function skipString(): boolean {
    for (;;) {
      const quote = text.indexOf('"', at)
      if (quote < 0) {
        let slashes = 0
        while (text.charCodeAt(text.length - 1 - slashes) === 92) slashes++
        at = text.length - (slashes % 2)
        return false
      }
      let slashes = 0
      while (quote - 1 - slashes > keyStart && text.charCodeAt(quote - 1 - slashes) === 92) slashes++
      at = quote
      if (slashes % 2 === 0) break
      at++
    }
    inString = false
    if (depth <= 2 && listDepth === 0) {
      lastKey = text.slice(keyStart + 1, at)
      if (lastKey === 'ocid' && depth === 1) hasOcid = true
    }
    keyStart = -1
    return true
  }

  function open(code: number): void {
    if (listDepth > 0 && depth === listDepth && start < 0) start = at
    depth++
    if (listDepth > 0 || code !== 91) return
    const known = !hasOcid && CONTAINERS.has(lastKey.toLowerCase())
    if (depth === 1 || (depth <= 3 && known)) {
      listDepth = depth
      start = -1
    }
  }

  function close(): void {
    if (depth === listDepth) {
      if (start >= 0) emit(at)
      listDepth = -1
    }
    depth--
    if (depth < 0) throw unusable(say('unusable.json_brackets'))
    if (listDepth > 0 && depth === listDepth) emit(at + 1)
    if (depth === 0) rootEnded = true
  }

  function emit(end: number): void {
    const element = parse(text.slice(start, end))
    start = -1
    for (const record of isTable(element) ? element : [element]) {
      found++
      onElement(record)
    }
  }

  function parse(json: string): unknown {
    try {
      return JSON.parse(json) as unknown
    } catch (error) {
      throw unusable(say('unusable.record_not_json', { record: found + 1, text: json.slice(0, 60) }), error)
    }
  }
}
