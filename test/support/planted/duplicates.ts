import { type Cells, cents, type Draft, later } from './draft.ts'

const TEXTS = [
  [
    'Aquisição de gêneros alimentícios para merenda escolar, lote 3',
    'AQUISICAO DE GENEROS ALIMENTICIOS P/ MERENDA ESCOLAR - LOTE 03',
  ],
  ['Serviços de manutenção predial da unidade 12', 'Serviço de manutenção predial, unidade 12.'],
  ['Locação de 4 veículos tipo van com motorista', 'locacao de 4 veiculos tipo van c/ motorista'],
  [
    'Fornecimento de oxigênio medicinal ref. março/2023',
    'Fornecimento de oxigenio medicinal, ref. marco de 2023',
  ],
] as const

/** Planted duplicates and the decoys beside them. */
export const plantDuplicates = (file: Draft): void => {
  const { random } = file
  const base = (object: string): Cells => {
    const signed_at = later('2022-01-10', random.integer(0, 700))
    return {
      ...file.buyer(),
      ...file.supplier(),
      object,
      signed_at,
      start_at: signed_at,
      end_at: later(signed_at, 360),
      final_value: cents(random.between(5_000, 900_000)),
    }
  }
  const after = (cells: Cells, days: number): Cells => ({
    ...cells,
    signed_at: later(cells.signed_at as string, days),
    start_at: later(cells.start_at as string, days),
    end_at: later(cells.end_at as string, days),
  })
  const both = (first: Cells, ...others: Cells[]): string[] =>
    [first, ...others].map((cells) => file.add({ process_number: file.process(), ...cells }).contract_id)
  const found = (ids: string[]) =>
    file.planted.push({ type: 'duplicate_contract', key: [...ids].sort().join(' ') })
  const clean = (why: string, contracts: string[]) =>
    file.decoys.push({ type: 'duplicate_contract', why, contracts })

  for (const [text, spelled] of TEXTS) {
    const first = base(text)
    const value = first.final_value as number
    found(both(first, { ...after(first, random.integer(0, 30)), object: spelled }))
    const second = base(text)
    found(
      both(second, {
        ...second,
        object: spelled,
        final_value: cents((second.final_value as number) * 0.992),
      }),
    )
    const third = { ...base(text), final_value: value }
    found(both(third, { ...after(third, 31), final_value: cents(value * 1.01) }, after(third, 5)))
    const bare = { ...base(text), signed_at: null, start_at: null, end_at: null }
    found(both(bare, bare))
    const branch = base(text)
    found(both(branch, { ...branch, supplier_id: `${(branch.supplier_id as string).slice(0, 8)}000299` }))

    const signed = base(text)
    const grown = { initial_value: value, final_value: cents(value * 1.2) }
    found(
      both({ ...signed, initial_value: value, final_value: value }, { ...signed, ...grown, object: spelled }),
    )
    clean(
      'grown to the same value from another',
      both(
        { ...signed, ...grown, ...file.buyer() },
        {
          ...signed,
          initial_value: cents(value * 1.2),
          final_value: cents(value * 1.2),
          buyer_id: file.rows.at(-1)?.buyer_id ?? null,
          buyer_name: file.rows.at(-1)?.buyer_name ?? null,
        },
      ),
    )
    const elsewhere = base(text)
    clean(
      'another currency',
      both(
        { ...elsewhere, ...file.buyer(), currency: 'USD' },
        {
          ...elsewhere,
          currency: 'MXN',
          buyer_id: file.rows.at(-1)?.buyer_id ?? null,
          buyer_name: file.rows.at(-1)?.buyer_name ?? null,
        },
      ),
    )
    clean('another buyer', both(elsewhere, { ...elsewhere, ...file.buyer() }))
    const apart = base(text)
    clean(
      'value 1.3 % apart',
      both(apart, { ...apart, final_value: cents((apart.final_value as number) * 1.013) }),
    )
    const far = base(text)
    clean('signed 32 days apart', both(far, after(far, 32)))
    const other = base(text)
    clean('another supplier', both(other, { ...other, ...file.supplier() }))
    const undated = { ...base(text), signed_at: null, start_at: null, end_at: null }
    clean(
      'without dates, another value',
      both(undated, { ...undated, final_value: cents((undated.final_value as number) + 0.5) }),
    )
  }
  const monthly = { ...base('Fornecimento de refeições prontas'), signed_at: null }
  const months = Array.from({ length: 6 }, (_, i) => {
    const start_at = later('2022-01-01', i * 30)
    return { ...monthly, start_at, end_at: later(start_at, 29) }
  })
  clean('consecutive monthly terms', both(months[0] as Cells, ...months.slice(1)))
  const yearly = base('Serviços de telefonia móvel')
  clean('consecutive yearly terms', both(yearly, after(yearly, 360), after(yearly, 720)))
  const tariff = {
    ...base('Credenciamento de clínicas para exames oftalmológicos'),
    modality: 'Credenciamento',
  }
  clean(
    'accreditation',
    both(tariff, ...Array.from({ length: 8 }, () => ({ ...tariff, ...file.supplier() }))),
  )
  const lots = base('Aquisição de kits escolares, lote 1')
  clean(
    'different lots of one purchase',
    both(lots, ...[2, 3, 4].map((lot) => ({ ...lots, object: `Aquisição de kits escolares, lote ${lot}` }))),
  )
  const named = base('Obras de drenagem, etapa II')
  clean('different stages', both(named, { ...named, object: 'Obras de drenagem, etapa III' }))
  const month = base('Fornecimento de oxigênio medicinal, competência janeiro')
  clean(
    'different months',
    both(month, { ...after(month, 28), object: 'Fornecimento de oxigênio medicinal, competência fevereiro' }),
  )
  const words = base('Aquisição de mesas')
  clean('another object', both(words, { ...words, object: 'Locação de tratores agrícolas' }))
  const process_number = '23347.011171/2024-24'
  const own = { ...base('Aquisição de reagentes de laboratório'), process_number }
  clean(
    'a contract and its own commitment',
    both(own, { ...own, process_number: '23347.011171.2024-24', kind: 'Empenho', modality: 'Pregão' }),
  )
}
