import fc from 'fast-check'
import t from 'tap'
import type { Problem } from '../../src/errors.ts'
import {
  checkTemplate,
  fillIn,
  MAX_MADE_CHARS,
  readVariables,
  type Variable,
} from '../../src/prompt/template.ts'

const filled = (template: string, variables: Record<string, Variable> = {}): string =>
  fillIn(template, new Map(Object.entries(variables)))

/** The fields that a refusal names. */
const refused = (attempt: () => unknown): string[] => {
  try {
    attempt()
  } catch (error) {
    const { code, errors = [] } = error as Problem
    if (code === 'VALIDATION_FAILED') return errors.map(({ field }) => field)
    throw error
  }
  return []
}

t.test('each placeholder becomes its value, with and without blanks inside the braces', async (t) => {
  t.equal(
    filled('{{city}} em {{ year }}, {{\tcity\n}}: {{ok}}', { city: 'Natal', year: 2026, ok: false }),
    'Natal em 2026, Natal: false',
  )
  t.equal(filled('{{city}}{{city}}', { city: 'a' }), 'aa')
  t.equal(filled('{{a b-c.d/é 漢}}', { 'a b-c.d/é 漢': 1.5 }), '1.5', 'a name is any text without braces')
  t.equal(filled('no placeholder', { unused: 'x' }), 'no placeholder')
  t.equal(filled('a{{empty}}b', { empty: '' }), 'ab')
  t.equal(filled('{{a}}', { a: ' kept  as it is\n' }), ' kept  as it is\n')
})

t.test('a value is put in as it is, and never looked at again', async (t) => {
  for (const value of ['{{b}}', '{{a}}', '$&', "$1 $$ $` $'", '\\', '{', '}}', '{{', '\u2028', '\ud83d'])
    t.equal(filled('<{{a}}>{{b}}', { a: value, b: 'B' }), `<${value}>B`)
  t.equal(filled('{{a}}{{b}}', { a: '{{', b: 'a}}' }), '{{a}}', 'nor where two of them make a placeholder')
})

t.test('braces that name nothing are text', async (t) => {
  const long = 'n'.repeat(101)
  for (const text of [
    '{a}',
    '{{}}',
    '{{ }}',
    '{{a}',
    '{a}}',
    '{{a{b}}',
    '}}{{',
    `{{${long}}}`,
    '{"x":{"y":{}}}',
  ])
    t.equal(filled(text, { a: 'no', b: 'no', [long]: 'no' }), text)
  t.equal(filled('{{{a}}}', { a: 1 }), '{1}')
  t.equal(filled('{{a {{b}} c}}', { b: 'B' }), '{{a B c}}')
  const hundred = '😀'.repeat(100)
  t.equal(filled(`{{${hundred}}}`, { [hundred]: 'yes' }), 'yes', 'a name has 100 code points at most')
  t.equal(filled(`{{${hundred}😀}}`, { [`${hundred}😀`]: 'no' }), `{{${hundred}😀}}`)
})

t.test('every missing variable is named once', async (t) => {
  t.same(
    refused(() => filled('{{a}} {{b}} {{ b }} {{c}} {{toString}}', { a: 1 })),
    ['/variables/b', '/variables/c', '/variables/toString'],
  )
  t.throws(() => filled('{{city}}'), { message: '/variables/city: is required by the prompt' })
  const many = Array.from({ length: 1000 }, (_, n) => `{{v${n}}}`).join('')
  t.equal(refused(() => filled(many)).length, 20)
  t.throws(() => filled(many), { message: /and 980 more$/ })
})

t.test(
  'variables are text, finite numbers and booleans under names that mean nothing to JavaScript',
  async (t) => {
    t.same(
      [...readVariables({ a: 'x', b: 0, c: false, 'd e': '' })],
      [
        ['a', 'x'],
        ['b', 0],
        ['c', false],
        ['d e', ''],
      ],
    )
    t.same([...readVariables(undefined)], [])
    for (const value of [null, {}, [], ['x'], Number.POSITIVE_INFINITY, Number.NaN])
      t.same(
        refused(() => readVariables({ good: 1, bad: value })),
        ['/variables/bad'],
      )
    for (const value of [null, 'text', 7, [], ['x']])
      t.same(
        refused(() => readVariables(value)),
        ['/variables'],
      )
    for (const name of ['__proto__', 'constructor'])
      t.same(
        refused(() => readVariables(JSON.parse(`{"${name}":"x"}`))),
        [`/variables/${name}`],
      )
  },
)

t.test('a template that could never be filled in is refused', async (t) => {
  for (const bad of ['{{__proto__}}', 'x {{ constructor }}', 'a\0b'])
    t.same(
      refused(() => checkTemplate(bad, '/content')),
      ['/content'],
    )
  for (const good of ['{{proto}}', '__proto__', '{{constructors}}', '{constructor}', '{{}}', ''])
    t.same(
      refused(() => checkTemplate(good, '/content')),
      [],
    )
})

t.test('a prompt that comes out blank or too long is refused', async (t) => {
  t.same(
    refused(() => filled(' {{a}}\n', { a: ' ' })),
    ['/variables'],
  )
  const half = 'x'.repeat(MAX_MADE_CHARS / 2)
  t.equal(filled('{{a}}{{a}}', { a: half }).length, MAX_MADE_CHARS)
  t.same(
    refused(() => filled('{{a}}{{a}}.', { a: half })),
    ['/variables'],
  )
  const bomb = '{{a}}'.repeat(20_000)
  t.same(
    refused(() => filled(bomb, { a: half })),
    ['/variables'],
    'before it is made',
  )
})

t.test('filling in is what splitting at the placeholders and joining would be, for any text', async (t) => {
  const literal = fc.string({ unit: fc.constantFrom('a', ' ', '$', '&', '{', '}', '\n', 'é', '😀') })
  /** Neither ends with a brace that the next placeholder would take, nor holds one. */
  const text = literal.map((piece) => piece.replaceAll(/[{}]+/g, '{').replace(/\{$/, '.'))
  const name = fc.stringMatching(/^[a-z]{1,4}$/)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, name, fc.constantFrom('', ' ', '\t\n')), { maxLength: 8 }),
        text,
        fc.dictionary(name, fc.oneof(literal, fc.integer(), fc.boolean())),
        (pieces, last, values) => {
          const template =
            pieces.map(([before, key, pad]) => `${before}{{${pad}${key}${pad}}}`).join('') + last
          const missing = new Set(pieces.map(([, key]) => key).filter((key) => !Object.hasOwn(values, key)))
          if (missing.size > 0) {
            t.strictSame(
              refused(() => filled(template, values)),
              [...missing].map((key) => `/variables/${key}`),
            )
            return
          }
          const expected = pieces.map(([before, key]) => before + String(values[key])).join('') + last
          if (expected.trim() !== '') t.equal(filled(template, values), expected)
        },
      ),
      { numRuns: 300 },
    ),
  )
})

t.test('hostile text takes time in proportion to its length', async (t) => {
  // A quadratic walk over a megabyte would take a quarter of an hour, and the runner's patience ends before that.
  const size = MAX_MADE_CHARS - 4
  const hostile = [
    '{'.repeat(size),
    '{{}'.repeat(size / 3),
    '{{a'.repeat(size / 3),
    '{{a}'.repeat(size / 4),
    `{{${'a'.repeat(size)}`,
    `{{${' '.repeat(size)}`,
    `{{${' '.repeat(size)}}}`,
    `{{${'a'.repeat(size)}}}`,
    `${'{{ '.repeat(size / 6)}${'} }'.repeat(size / 6)}`,
  ]
  for (const template of hostile) {
    checkTemplate(template, '/content')
    t.ok(filled(template) === template, `${template.slice(0, 5)}… stays as it is`)
  }
  const placeholders = '{{ a }}'.repeat(size / 7)
  t.ok(filled(placeholders, { a: 'x' }) === 'x'.repeat(placeholders.length / 7), 'and each is filled in')
})
