import { cents, cnpj, type Draft, later } from './draft.ts'

interface Share {
  /** Amount of each contract of the dominant supplier, in thousands. */
  own: readonly number[]
  /** Amount of each other contract, in thousands, dealt out to `suppliers`. */
  others: readonly number[]
  suppliers: number
}

const EVEN = (count: number, amount: number) => Array.from({ length: count }, () => amount)

/** Planted vendor concentration and the decoys beside it. */
export const plantConcentration = (file: Draft): void => {
  const { random } = file
  const market = (share: Share, typo = 0, others = {}) => {
    const buyer = file.buyer()
    const dominant = file.supplier()
    const root = (dominant.supplier_id as string).slice(0, 8)
    const rest = Array.from({ length: share.suppliers - 1 }, () => file.supplier())
    const ids: string[] = []
    const sign = (cells: object, amount: number) => {
      const signed_at = later('2021-01-01', random.integer(0, 1400))
      const row = file.add({
        ...buyer,
        ...cells,
        signed_at,
        process_number: file.process(),
        object: `Serviços de apoio, processo ${file.serial()}`,
        final_value: cents(amount * 1000 * random.between(0.995, 1.005)),
      })
      ids.push(row.contract_id)
    }
    share.own.forEach((amount, i) => {
      sign({ ...dominant, supplier_id: cnpj(Number(root), (i % 2) + 1) }, amount)
    })
    share.others.forEach((amount, i) => {
      sign({ ...rest[i % rest.length], ...others }, amount)
    })
    if (typo > 0) sign(rest[0] as object, typo)
    return { key: `${buyer.buyer_name} ${root}`, buyer: buyer.buyer_name, ids }
  }
  const found = (share: Share, typo = 0) =>
    file.planted.push({ type: 'vendor_concentration', key: market(share, typo).key })
  const clean = (why: string, share: Share, others = {}) =>
    file.decoys.push({
      type: 'vendor_concentration',
      why,
      contracts: [],
      buyer: market(share, 0, others).buyer,
    })

  found({ own: EVEN(12, 100), others: EVEN(20, 50), suppliers: 8 })
  found({ own: EVEN(3, 300), others: EVEN(17, 40), suppliers: 5 })
  found({ own: EVEN(20, 90), others: EVEN(10, 20), suppliers: 6 })
  found({ own: EVEN(10, 103), others: EVEN(20, 50), suppliers: 9 })
  found({ own: EVEN(12, 100), others: EVEN(20, 50), suppliers: 8 }, 900_000_000)
  clean('47 % of the value', { own: EVEN(9, 100), others: EVEN(20, 51), suppliers: 8 })
  clean('19 contracts', { own: EVEN(9, 100), others: EVEN(10, 40), suppliers: 6 })
  clean('four suppliers', { own: EVEN(15, 100), others: EVEN(15, 40), suppliers: 4 })
  clean('two contracts', { own: EVEN(2, 900), others: EVEN(20, 40), suppliers: 7 })
  clean('one large contract', { own: [3000, 20, 20, 20], others: EVEN(20, 40), suppliers: 7 })
  clean('one huge contract', { own: [5_000_000, 40, 40, 40], others: EVEN(30, 50), suppliers: 7 })
  clean('a huge contract of another supplier, which is real', {
    own: EVEN(12, 100),
    others: [900_000, ...EVEN(20, 50)],
    suppliers: 8,
  })
  clean(
    'half of the amounts only when two currencies are added',
    { own: EVEN(12, 100), others: EVEN(20, 50), suppliers: 8 },
    { currency: 'USD' },
  )
  const dollars = market({ own: EVEN(12, 100), others: EVEN(20, 50), suppliers: 8 })
  const other = file.supplier()
  for (let i = 0; i < 8; i++)
    file.add({
      ...other,
      buyer_id: file.rows.at(-1)?.buyer_id ?? null,
      buyer_name: dollars.buyer,
      currency: 'COP',
      signed_at: later('2021-01-01', i * 40),
      process_number: file.process(),
      object: `Servicios de apoyo, proceso ${file.serial()}`,
      final_value: 4_000_000 + i,
    })
  file.planted.push({ type: 'vendor_concentration', key: dollars.key })
  const buyer = file.buyer()
  for (let i = 0; i < 32; i++) {
    const supplier =
      i < 20
        ? { supplier_id: cnpj(66_000_000 + (i % 2)), supplier_name: 'Irmãos Silva Ltda' }
        : file.supplier()
    file.add({
      ...buyer,
      ...supplier,
      signed_at: later('2021-01-01', i * 40),
      process_number: file.process(),
      object: `Serviços de apoio, processo ${file.serial()}`,
      final_value: i < 20 ? 70_000 + i * 1_500 : 52_000 + i * 1_000,
    })
  }
  file.decoys.push({
    type: 'vendor_concentration',
    why: 'two companies of one name',
    contracts: [],
    buyer: buyer.buyer_name,
  })
}

/** Planted busy months and the decoys beside them. */
export const plantMonths = (file: Draft): void => {
  const { random } = file
  /** A buyer with about `rate` contracts a month from 2020 to 2023, and `busy` more in the months named. */
  const calendar = (rate: number, busy: Readonly<Record<string, number>>, growth = 0, sign = true) => {
    const buyer = file.buyer()
    const suppliers = Array.from({ length: 40 }, () => file.supplier())
    for (let i = 0; i < 48; i++) {
      const month = `${2020 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`
      const usual = Math.max(1, Math.round(rate + (growth * i) / 12 + random.between(-0.25, 0.25) * rate))
      const count =
        busy[month] ?? (busy[month.slice(5)] === undefined ? usual : (busy[month.slice(5)] as number))
      for (let j = 0; j < (sign ? count : usual); j++) {
        const day = `${month}-${String(random.integer(1, 28)).padStart(2, '0')}`
        file.add({
          ...buyer,
          ...random.pick(suppliers),
          signed_at: day,
          start_at: day,
          end_at: sign ? later(day, 300) : '2024-12-31',
          process_number: file.process(),
          object: `Serviços diversos, processo ${file.serial()}`,
          final_value: cents(Math.exp(9 + 2 * random.normal())),
        })
      }
    }
    return buyer.buyer_name
  }
  const found = (rate: number, month: string, count: number) =>
    file.planted.push({
      type: 'temporal_pattern',
      key: `${calendar(rate, { [month]: count })} ${Number(month.slice(0, 4))} ${Number(month.slice(5))}`,
    })
  const clean = (why: string, buyer: string) =>
    file.decoys.push({ type: 'temporal_pattern', why, contracts: [], buyer })
  found(4, '2022-06', 24)
  found(3, '2021-12', 22)
  found(5, '2023-03', 30)
  found(2, '2022-09', 16)
  found(8, '2021-05', 34)
  clean('every December', calendar(4, { '12': 25 }))
  clean('eleven contracts', calendar(1, { '2022-05': 11 }))
  clean('2.2 times the other months', calendar(9, { '2022-05': 20 }))
  const buyer = calendar(3, {})
  const buyer_id = file.rows.at(-1)?.buyer_id ?? null
  for (const process_number of [file.process(), file.process()])
    for (let i = 0; i < 20; i++)
      file.add({
        buyer_id,
        buyer_name: buyer,
        ...file.supplier(),
        signed_at: '2022-05-17',
        process_number,
        object: `Ata de registro de preços, lote ${i}`,
        final_value: cents(Math.exp(9 + 2 * random.normal())),
      })
  clean('many rows of two processes', buyer)
  clean('steady growth', calendar(2, {}, 4))
  clean('terms that end in one month', calendar(4, {}, 0, false))
}

/** Planted values that break Benford's law and the decoys beside them. */
export const plantDigits = (file: Draft): void => {
  const { random } = file
  const values = (count: number, invented: number, draw: () => number) => {
    const buyer = file.buyer()
    const suppliers = Array.from({ length: 300 }, () => file.supplier())
    for (let i = 0; i < count; i++) {
      const natural = cents(Math.exp(9.5 + 2.2 * random.normal()))
      file.add({
        ...buyer,
        ...random.pick(suppliers),
        signed_at: later('2020-01-01', random.integer(0, 1800)),
        process_number: file.process(),
        object: `Serviços de consultoria, processo ${file.serial()}`,
        final_value: i / count < invented ? cents(draw()) : Math.max(natural, 1),
      })
    }
    return buyer.buyer_name
  }
  const below = () => random.between(49_000, 49_999)
  file.planted.push({ type: 'benford_deviation', key: values(1100, 0.15, below) })
  file.planted.push({ type: 'benford_deviation', key: values(700, 0.4, below) })
  file.planted.push({
    type: 'benford_deviation',
    key: values(1000, 0.2, () => random.between(17_000, 17_599)),
  })
  const clean = (why: string, buyer: string) =>
    file.decoys.push({ type: 'benford_deviation', why, contracts: [], buyer })
  clean('1,200 natural values', values(1200, 0, below))
  clean('600 natural values', values(600, 0, below))
  clean('fewer than 500 values', values(450, 0.5, below))
}
