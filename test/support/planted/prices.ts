import { type Cells, cents, type Draft } from './draft.ts'

const purchase = (file: Draft, cells: Cells): Cells => {
  const quantity = cells.quantity ?? file.random.integer(5, 400)
  return {
    ...file.buyer(),
    ...file.supplier(),
    signed_at: '2023-05-10',
    object: `Aquisição de material, processo ${file.serial()}`,
    quantity,
    final_value: cents((cells.unit_price as number) * quantity),
    ...cells,
  }
}

const found = (file: Draft, cells: Cells) =>
  file.planted.push({ type: 'price_deviation', key: file.add(purchase(file, cells)).contract_id })

const clean = (file: Draft, why: string, cells: Cells) =>
  file.decoys.push({ type: 'price_deviation', why, contracts: [file.add(purchase(file, cells)).contract_id] })

const overReference = (file: Draft) => {
  for (const rise of [1.1, 1.1, 1.12, 1.25, 1.6, 3]) {
    const reference_price = file.random.integer(20, 900)
    found(file, { reference_price, unit_price: cents(reference_price * rise) })
  }
  found(file, { reference_price: 780, unit_price: 995, quantity: 0, final_value: 995 })
  for (const rise of [1.0, 1.05, 1.09, 1.098]) {
    const reference_price = file.random.integer(100, 900)
    clean(file, `${rise} times the reference`, { reference_price, unit_price: cents(reference_price * rise) })
  }
}

/** One group: `usual` prices `count` times, `spread` apart in logarithms, in an item of its own. */
const group = (file: Draft, count: number, usual: number, spread: number, cells: Cells = {}): Cells => {
  const item = cells.item === undefined ? `Filtro de óleo modelo ${file.serial()}` : cells.item
  const shared = { unit_of_measure: 'Unidade', ...cells, item }
  for (let i = 0; i < count; i++) {
    const apart = count === 1 ? 0 : (i / (count - 1) - 0.5) * 2 * spread
    file.add(purchase(file, { ...shared, unit_price: cents(usual * Math.exp(apart)) }))
  }
  return shared
}

const insideGroups = (file: Draft) => {
  for (const [spread, times] of [
    [0.1, 1.7],
    [0.15, 2.4],
    [0.2, 5],
    [0, 2],
  ] as const) {
    const usual = file.random.integer(40, 500)
    found(file, {
      ...group(file, file.random.integer(8, 20), usual, spread),
      unit_price: cents(usual * times),
    })
  }
  const spelled = group(file, 9, 80, 0.1)
  found(file, {
    ...spelled,
    item: (spelled.item as string).toUpperCase(),
    unit_of_measure: 'UND',
    unit_price: 240,
  })
  for (const [spread, times] of [
    [0.15, 1.8],
    [0.3, 4],
  ] as const) {
    const item = null
    const named = { category: `Resma de papel tipo ${file.serial()}`, item }
    found(file, { ...group(file, 14, 25, spread, named), unit_price: cents(25 * times) })
    const coded = { item_code: `BR${400_000 + file.serial()}`, item }
    found(file, { ...group(file, 10, 60, spread, coded), unit_price: cents(60 * times) })
    const object = `Botijão de gás P13, modelo ${file.serial()}`
    found(file, { ...group(file, 11, 95, spread, { object, item }), unit_price: cents(95 * times) })
  }
  const wide = { category: `Peças para veículos ${file.serial()}`, item: null }
  for (const usual of [2, 30, 500]) group(file, 12, usual, 0.1, wide)
  clean(file, 'a category of many things', { ...wide, unit_of_measure: 'Unidade', unit_price: 9_000 })
  const dollars = group(file, 12, 20, 0.1, { currency: 'USD' })
  clean(file, 'another currency', { ...dollars, currency: 'ARS', unit_price: 18_000 })
  clean(file, 'a group of seven', { ...group(file, 6, 100, 0.1), unit_price: 500 })
  clean(file, 'z above 3.5 but below 1.5 times the median', {
    ...group(file, 20, 200, 0.02),
    unit_price: 280,
  })
  clean(file, 'twice the median of a wide group', { ...group(file, 15, 100, 1.5), unit_price: 200 })
  clean(file, 'MAD 0, below 1.5 times', { ...group(file, 10, 100, 0), unit_price: 140 })
  clean(file, 'far below the median', { ...group(file, 12, 100, 0.1), unit_price: 10 })
  const pieces = group(file, 10, 2, 0.1)
  clean(file, 'box against piece', { ...pieces, unit_of_measure: 'Caixa com 50', unit_price: 95 })
  clean(file, 'no unit of measure', { ...pieces, unit_of_measure: null, unit_price: 95 })
  const service = group(file, 12, 900, 0.2, { item: 'Serviço de manutenção', unit_of_measure: 'Serviço' })
  clean(file, 'a generic service code', { ...service, unit_price: 90_000 })
  const line = { item: 'Material de expediente', category: 'Material de expediente' }
  clean(file, 'a whole line of supply', { ...group(file, 12, 15, 0.2, line), unit_price: 900 })
}

/** Planted prices and the decoys beside them. */
export const plantPrices = (file: Draft): void => {
  overReference(file)
  insideGroups(file)
}
