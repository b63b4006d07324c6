import { type Cells, cents, cnpj, type Draft, later } from './draft.ts'

const NEW = 'Lei 14.133/2021, art. 75, II'
const NEW_WORKS = 'Lei 14.133/2021, art. 75, I'
const OLD = 'Lei nº 8.666/93, art. 24, inciso II'

/** Planted split purchases and the decoys beside them. */
export const plantSplits = (file: Draft): void => {
  const { random } = file
  /** Waivers of one unit with one supplier: `[day, amount]` each in a process of its own. */
  const waivers = (
    legal_basis: string,
    amounts: readonly (readonly [string, number])[],
    cells: Cells = {},
  ) => {
    const shared = { ...file.buyer(), ...file.supplier(), modality: 'Dispensa por valor', legal_basis }
    return amounts.map(
      ([signed_at, amount]) =>
        file.add({
          ...shared,
          signed_at,
          process_number: file.process(),
          final_value: amount,
          ...cells,
          object: `${cells.object ?? 'Aquisição de material elétrico'}, pedido ${file.serial()}`,
        }).contract_id,
    )
  }
  const found = (ids: string[]) =>
    file.planted.push({ type: 'split_purchase', key: [...ids].sort().join(' ') })
  const clean = (why: string, contracts: string[]) =>
    file.decoys.push({ type: 'split_purchase', why, contracts })
  const parts = (year: number, total: number, count: number) => {
    const each = Math.floor((total * 100) / count) / 100
    const last = cents(total - each * (count - 1))
    return Array.from(
      { length: count },
      (_, i) => [later(`${year}-02-01`, i * random.integer(5, 50)), i === 0 ? last : each] as const,
    )
  }
  const limits = [
    [2022, 54_020.41, NEW],
    [2023, 57_208.33, NEW],
    [2024, 59_906.02, NEW],
    [2025, 62_725.59, NEW],
    [2026, 65_492.11, NEW],
    [2019, 17_600, OLD],
    [2015, 8_000, OLD],
  ] as const
  for (const [year, limit, law] of limits) {
    found(waivers(law, parts(year, limit * random.between(1.05, 2.6), random.integer(3, 5))))
    found(waivers(law, parts(year, cents(limit + (law === OLD ? 0.01 : 0)), 2)))
    clean(
      'one cent below the limit, or at one that includes it',
      waivers(law, parts(year, cents(limit - (law === OLD ? 0 : 0.01)), 3)),
    )
    clean(
      'over the limit by itself',
      waivers(law, [
        [`${year}-03-01`, cents(limit * 1.2)],
        [`${year}-04-01`, 900],
      ]),
    )
  }
  const works = { object: 'Obra de reparo de muro' }
  found(waivers(NEW_WORKS, parts(2023, 130_000, 3), works))
  clean('works below the limit for works', waivers(NEW_WORKS, parts(2023, 110_000, 3), works))
  found(
    waivers(
      '',
      parts(2020, 16_500, 3)
        .map(([day, amount]) => [later(day, -31), amount + 1_500] as const)
        .slice(0, 3),
    ),
  )
  clean(
    'both laws could be used, below the higher limit',
    waivers(
      '',
      parts(2021, 40_000, 3).map(([day, amount]) => [later(day, 120), amount] as const),
    ),
  )
  found(waivers(OLD, parts(2021, 40_000, 3)))
  const agency = { ...file.buyer(), buyer_name: `Consórcio Intermunicipal de Saúde ${file.serial()}` }
  clean('a consortium below twice the limit', waivers(NEW, parts(2023, 100_000, 3), agency))
  const executive = { ...file.buyer(), buyer_name: `Agência Executiva de Metrologia ${file.serial()}` }
  found(waivers(NEW, parts(2023, 130_000, 4), executive))
  const branches = { ...file.buyer(), modality: 'Dispensa por valor', legal_basis: NEW }
  const root = 77_000_000 + file.serial()
  found(
    [1, 2, 3].map(
      (branch) =>
        file.add({
          ...branches,
          supplier_id: cnpj(root, branch),
          supplier_name: 'Casa das Tintas Ltda',
          signed_at: later('2023-06-01', branch * 9),
          process_number: file.process(),
          object: 'Tintas',
          final_value: 30_000 + branch,
        }).contract_id,
    ),
  )
  const large = () => parts(2023, 150_000, 4)
  clean('another currency', waivers(NEW, large(), { currency: 'EUR' }))
  clean('tenders', waivers('Lei 14.133/2021, art. 28, I', large(), { modality: 'Pregão Eletrônico' }))
  clean('inexigibilidade', waivers('Lei 14.133/2021, art. 74, I', large(), { modality: 'Inexigibilidade' }))
  clean('accreditation', waivers('Lei 14.133/2021, art. 79', large(), { modality: 'Credenciamento' }))
  clean(
    'emergency',
    waivers('Lei 14.133/2021, art. 75, VIII', large(), { modality: 'Dispensa de Licitação' }),
  )
  clean(
    'failed tender',
    waivers('Lei 14.133/2021, art. 75, III, a', large(), { modality: 'Dispensa de Licitação' }),
  )
  clean(
    'another ground of the old law',
    waivers('Lei 8.666/93, art. 24, IV', parts(2019, 40_000, 3), { modality: 'Dispensa' }),
  )
  const process_number = '23347.004392.2023-65'
  clean('rows of one process', waivers(NEW, large().slice(0, 2), { process_number }))
  const slashed = waivers(NEW, [['2023-03-01', 40_000]], { process_number })
  const row = file.rows.at(-1) as Cells
  const same = file.add({
    ...row,
    line: file.rows.length + 2,
    contract_id: `${file.serial()}/A`,
    contract_number: `${file.serial()}/A`,
    process_number: '23347.004392/2023-65',
    final_value: 39_000,
    value: 39_000,
  } as Cells)
  clean('rows of one process, written in two ways', [...slashed, same.contract_id])
  clean(
    'two years',
    waivers(NEW, [
      ['2023-12-20', 40_000],
      ['2024-01-05', 40_000],
    ]),
  )
  clean(
    'two units',
    waivers(NEW, [['2023-05-20', 40_000]]).concat(
      waivers(NEW, [['2023-06-05', 40_000]], { supplier_id: row.supplier_id as string }),
    ),
  )
  const units = { ...file.buyer(), ...file.supplier() }
  clean('two managing units of one buyer', [
    ...waivers(NEW, [['2023-05-20', 40_000]], { ...units, unit_id: 'U1' }),
    ...waivers(NEW, [['2023-06-05', 40_000]], { ...units, unit_id: 'U2' }),
  ])
  const classes = { ...file.buyer(), ...file.supplier() }
  clean('works beside other things', [
    ...waivers(NEW, [['2023-05-20', 40_000]], classes),
    ...waivers(NEW_WORKS, [['2023-06-05', 40_000]], { ...classes, ...works }),
  ])
  const roots = { ...file.buyer(), object: 'Tintas', supplier_name: 'Casa das Tintas Ltda' }
  clean('two companies of one name', [
    ...waivers(NEW, [['2023-05-20', 40_000]], { ...roots, supplier_id: cnpj(88_000_001) }),
    ...waivers(NEW, [['2023-06-05', 40_000]], { ...roots, supplier_id: cnpj(88_000_002) }),
  ])
}
