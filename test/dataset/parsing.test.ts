import fc from 'fast-check'
import t from 'tap'
import { amountTally, decimalMark, readAmount } from '../../src/dataset/reading/amount.ts'
import { isBlank } from '../../src/dataset/reading/blank.ts'
import { dayOrder, dayTally, readDay } from '../../src/dataset/reading/day.ts'
import { delimitedReader } from '../../src/dataset/reading/delimited.ts'
import { jsonElements } from '../../src/dataset/reading/json-elements.ts'
import { isCnpj, isCpf, readTaxNumber } from '../../src/dataset/reading/tax-number.ts'

const grouped = (whole: string, mark: string): string => whole.replace(/\B(?=(\d{3})+$)/g, mark)

t.test('amounts written in either manner are read back to the cent', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }),
      fc.nat(3),
      (cents, manner) => {
        const [whole, hundredths] = (Math.abs(cents) / 100).toFixed(2).split('.') as [string, string]
        const sign = cents < 0 ? '-' : ''
        const text = [
          `${sign}${grouped(whole, '.')},${hundredths}`,
          `${sign}${grouped(whole, ',')}.${hundredths}`,
          `${sign}${whole}.${hundredths}`,
          `R$ ${sign}${grouped(whole, '.')},${hundredths} (por extenso)`,
        ][manner] as string
        return readAmount(text, ',') === cents / 100 && readAmount(text, '.') === cents / 100
      },
    ),
  )
})

t.test('what a column proves decides what can be read both ways', async (t) => {
  const tally = amountTally()
  for (const text of ['1.234', '12,5', '1.234.567']) readAmount(text, ',', tally)
  t.same(tally, { comma: 2, dot: 0, unclearDot: 1, unclearComma: 0 })
  t.equal(decimalMark(tally, '.'), ',')
  t.equal(readAmount('1.234', ','), 1234)
  t.equal(readAmount('1.234', '.'), 1.234)
  t.equal(readAmount('0.123', ','), 0.123)
  for (const text of [
    '',
    'x',
    '1.2.3',
    '01/02/2024',
    '27.433.790/0001-55',
    '12 de 30',
    '2025NE000187',
    '10%',
  ]) {
    t.equal(readAmount(text, ','), undefined, text)
  }
  t.equal(readAmount('1,2 milhões', '.'), 1_200_000)
  t.equal(readAmount('1 234 567,89', ','), 1_234_567.89)
  t.equal(readAmount('12,50-', ','), -12.5)
})

t.test('hostile cells cost little', async (t) => {
  const start = process.cpuUsage()
  for (const text of [
    '1 '.repeat(140),
    `1${' a,'.repeat(90)}!`,
    `(${'9,'.repeat(100)})`,
    `1${'('.repeat(200)}`,
  ]) {
    readAmount(text, ',')
    readDay(text, 'dmy')
    readTaxNumber(text, true)
    isBlank(text)
  }
  t.ok(process.cpuUsage(start).user < 500_000)
})

t.test('days are read back from every manner', async () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      fc.nat(5),
      (date, manner) => {
        const iso = date.toISOString().slice(0, 10)
        const [year, month, day] = iso.split('-') as [string, string, string]
        const text = [
          iso,
          `${day}/${month}/${year}`,
          `${Number(day)}/${Number(month)}/${year} 10:30`,
          `${iso}T23:59:59.999Z`,
          `${day}.${month}.${year}`,
          `${year}${month}${day}`,
        ][manner] as string
        return readDay(text, 'dmy') === iso
      },
    ),
  )
})

t.test('the order of day and month, days that do not exist', async (t) => {
  const tally = dayTally()
  for (const text of ['01/02/2024', '03/15/2024']) readDay(text, 'dmy', tally)
  t.equal(dayOrder(tally), 'mdy')
  t.equal(tally.impossible, 1)
  t.equal(readDay('29/02/2023', 'dmy'), null)
  t.equal(readDay('29/02/2024', 'dmy'), '2024-02-29')
  t.equal(readDay('00/00/0000', 'dmy'), null)
  t.equal(readDay('1.234,56', 'dmy'), undefined)
})

t.test('check digits: one wrong digit is always seen', async () => {
  fc.assert(
    fc.property(fc.nat(10), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const cpf = '11144477735'
      const wrong = cpf.slice(0, at) + ((Number(cpf[at]) + by) % 10) + cpf.slice(at + 1)
      return isCpf(cpf) && !isCpf(wrong)
    }),
  )
  fc.assert(
    fc.property(fc.nat(13), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const cnpj = '27433790000155'
      const wrong = cnpj.slice(0, at) + ((Number(cnpj[at]) + by) % 10) + cnpj.slice(at + 1)
      return isCnpj(cnpj) && !isCnpj(wrong)
    }),
  )
})

const cell = fc.oneof(
  fc.constantFrom('', 'a', 'x;y', 'line\nbreak', '"', '""', 'a "b" c', '\r\n', ' padded ', 'ção'),
  fc.string({ maxLength: 8 }),
)

const recordsOf = (text: string, cuts: readonly number[]): string[][] => {
  const records: string[][] = []
  const reader = delimitedReader({ delimiter: ';', width: 3, onRecord: (cells) => records.push(cells) })
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.push(text.slice(from, Math.max(from, cut)))
    from = Math.max(from, cut)
  }
  reader.push(text.slice(from))
  reader.end()
  return records
}

t.test('RFC 4180 is read back equal, wherever the text is cut', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(200), { maxLength: 6 }),
      (rows, cuts) => {
        const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
        const text = rows.map((row) => `${row.map(quote).join(';')}\r\n`).join('')
        const records = recordsOf(text, cuts)
        return JSON.stringify(records) === JSON.stringify(rows)
      },
    ),
    { numRuns: 300 },
  )
})

t.test('any text gives the same records however it is cut, and loses no line', async () => {
  const piece = fc.constantFrom('a', ';', '"', '\n', '""', ' ', 'b;c', '\n"')
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((pieces) => `h;i;j\n${pieces.join('')}`),
      fc.array(fc.nat(60), { maxLength: 8 }),
      (text, cuts) => JSON.stringify(recordsOf(text, cuts)) === JSON.stringify(recordsOf(text, [])),
    ),
    { numRuns: 1000 },
  )
})

t.test('JSON records are the same wherever the text is cut', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 })), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.array(fc.nat(300), { maxLength: 8 }),
      fc.boolean(),
      (objects, cuts, wrapped) => {
        const text = JSON.stringify(
          wrapped ? { total: 1, note: 'a "quoted\\" [text', data: objects } : objects,
        )
        const found: unknown[] = []
        const reader = jsonElements((element) => found.push(element))
        let from = 0
        for (const cut of [...cuts].sort((a, b) => a - b)) {
          reader.push(text.slice(from, Math.max(from, cut)))
          from = Math.max(from, cut)
        }
        reader.push(text.slice(from))
        reader.end()
        return JSON.stringify(found) === JSON.stringify(objects)
      },
    ),
    { numRuns: 300 },
  )
})
