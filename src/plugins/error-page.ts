import { createHash } from 'node:crypto'
import type { Problem } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { type Sentence, say, tell } from '../language/sentence.ts'

/**
 * Returns the quality of a type in an `Accept` header, by the most specific range that covers it; 0 where none does.
 */
const qualityOf = (accept: string, type: string): number => {
  const [group] = type.split('/', 1)
  let best = { rank: -1, quality: 0 }
  for (const range of accept.slice(0, 1000).toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim())
    const rank = [`*/*`, `${group}/*`, type].indexOf(name)
    if (rank <= best.rank) continue
    const given = parameters.find((parameter) => parameter.startsWith('q='))
    const quality = given === undefined ? 1 : Number(given.slice(2))
    best = { rank, quality: quality >= 0 && quality <= 1 ? quality : 0 }
  }
  return best.quality
}

/**
 * Tells whether an `Accept` header prefers a page to JSON, as a browser's does; one that takes anything, as those of
 * API clients do, does not.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export const prefersPage = (accept: string | undefined): boolean =>
  accept !== undefined &&
  qualityOf(accept, 'text/html') >
    Math.max(qualityOf(accept, 'application/json'), qualityOf(accept, 'application/problem+json'))

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] as string)

/** Returns the sentence that tells the reader what to do about a problem. */
const wayOut = ({ status, retryAfter }: Problem): Sentence => {
  if (retryAfter !== undefined) return say('page.wait', { seconds: retryAfter })
  if (status === 401) return say('page.sign_in')
  if (status === 403) return say('page.ask')
  if (status === 404) return say('page.check_address')
  if (status === 500) return say('page.report')
  return status === 429 || status > 500 ? say('page.later') : say('page.correct')
}

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:4rem auto;padding:0 1rem;' +
  'background:light-dark(#f7f6f3,#12161c);color:light-dark(#1c2430,#e8ebf0)}' +
  'a{color:light-dark(#0b5c6b,#62c3d3)}code{overflow-wrap:anywhere}' +
  'footer{margin-top:2rem;font-size:.875rem;color:light-dark(#566072,#a3adbb)}'

/** The content security policy of the page: only its own style applies; no script, no picture, no frame around it. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Returns the HTML page of a problem for a browser: its title, its reason, and what to do about it. */
export const errorPage = (problem: Problem, requestId: string, language: Language): string => {
  const { title, detail, errors = [] } = problem.tell(language)
  const fields = errors.map(
    ({ field, reason }) => `<li><code>${escaped(field)}</code>: ${escaped(reason)}</li>`,
  )
  const textOf = (sentence: Sentence): string => escaped(tell(sentence, language))
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${problem.status} ${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${fields.length > 0 ? `<ul>${fields.join('')}</ul>` : `<p>${escaped(detail)}</p>`}
<p>${textOf(wayOut(problem))}</p>
</main>
<footer>
<p>${problem.status} <code>${problem.code}</code>. ${textOf(say('page.request_id'))}: <code>${escaped(requestId)}</code></p>
<p><a href="/docs">${textOf(say('page.documentation'))}</a></p>
</footer>
</body>
</html>
`
}
