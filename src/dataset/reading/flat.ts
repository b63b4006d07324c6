/** Most columns of a table of objects. */
const MOST_KEYS = 300
const DEEPEST = 6

/**
 * Returns an object's scalar values by dotted path (`orgaoEntidade.cnpj`), as text. Of a list of objects the first
 * counts; a list of scalars is joined. Keys are data, and any name is allowed.
 */
export function flatten(value: unknown): Map<string, string> {
  const flat = new Map<string, string>()
  walk(value, '', 0, flat)
  return flat
}

function walk(value: unknown, path: string, depth: number, flat: Map<string, string>): void {
  if (value === null || value === undefined || depth > DEEPEST || flat.size >= MOST_KEYS) return
  if (Array.isArray(value)) {
    if (typeof value[0] === 'object') walk(value[0], path, depth + 1, flat)
    else if (value.length > 0) flat.set(path, value.map(scalar).join('; '))
    return
  }
  if (typeof value !== 'object') {
    flat.set(path, scalar(value))
    return
  }
  for (const [key, inner] of Object.entries(value))
    walk(inner, path === '' ? key : `${path}.${key}`, depth + 1, flat)
}

/**
 * Returns a JSON scalar as cell text. A number with three decimals gets a fourth, so that its point is not taken
 * for a thousands mark.
 */
export function scalar(value: unknown): string {
  if (typeof value !== 'number') return value === null || value === undefined ? '' : String(value)
  const text = String(value)
  return /^-?\d{1,3}\.\d{3}$/.test(text) ? `${text}0` : text
}
