import { type Cells, cents, type Draft } from './draft.ts'

const grown = (file: Draft, initial: number, factor: number, object: string, cells: Cells = {}) =>
  file.add({
    ...file.buyer(),
    ...file.supplier(),
    signed_at: '2023-03-01',
    start_at: '2023-03-01',
    end_at: '2023-12-31',
    object: `${object}, processo ${file.serial()}`,
    initial_value: initial,
    final_value: cents(initial * factor),
    ...cells,
  }).contract_id

/** Planted growth of contracts and the decoys beside it. */
export const plantGrowth = (file: Draft): void => {
  const { random } = file
  const amount = () => cents(random.between(20_000, 900_000))
  const found = (id: string) => file.planted.push({ type: 'payment_pattern', key: id })
  const clean = (why: string, id: string) =>
    file.decoys.push({ type: 'payment_pattern', why, contracts: [id] })
  for (const factor of [1.2501, 1.26, 1.3, 1.48, 2.2])
    found(grown(file, amount(), factor, 'Serviços de limpeza'))
  found(grown(file, 100_000, 1.2500002, 'Serviços de copeiragem'))
  found(grown(file, amount(), 1.3, 'Construção de escola municipal'))
  found(grown(file, amount(), 1.4, 'Aquisição de material para reforma do prédio'))
  found(grown(file, amount(), 1.4, 'Reforma da praça central'))
  found(grown(file, amount(), 1.52, 'Reforma do prédio da escola municipal'))
  found(grown(file, amount(), 1.6, 'Obra de reforma do edifício sede'))
  found(grown(file, 100_000, 1.6, 'Serviços de vigilância', { updated_initial_value: 120_000 }))
  for (const initial of [100_000, 333.33, 1_234.57, 99_999.99]) {
    clean('exactly 25 %', grown(file, initial, 1.25, 'Serviços de jardinagem'))
  }
  clean(
    '45 % in the renovation of a building',
    grown(file, amount(), 1.45, 'Reforma do prédio da escola municipal'),
  )
  clean(
    'exactly 50 % in the renovation of equipment',
    grown(file, 80_000, 1.5, 'Reforma de elevadores da sede'),
  )
  clean('another currency', grown(file, amount(), 1.6, 'Servicios de limpieza', { currency: 'EUR' }))
  clean('a decrease', grown(file, amount(), 0.4, 'Serviços de transporte'))
  clean(
    '23 % over the updated initial value',
    grown(file, 100_000, 1.476, 'Serviços de vigilância', { updated_initial_value: 120_000 }),
  )
  clean(
    'a monthly instalment beside the total of its year',
    grown(file, 4_500, 12, 'Locação de impressoras', { start_at: '2023-01-01', end_at: '2023-12-31' }),
  )
}
