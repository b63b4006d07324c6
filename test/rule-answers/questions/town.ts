/** A contract of a made-up town; amounts in cents, days `YYYY-MM-DD`. */
export interface TownRow {
  number: string
  buyer: string
  unit: string
  supplier: string | null
  supplierId: string | null
  object: string
  category: string
  modality: string
  signed: string
  ends: string | null
  /** As signed; `cents` is what it became by amendments. */
  initialCents: number | null
  cents: number | null
  currency: string
}

/** An item that a town buys again and again. */
export interface Purchase {
  unit: string
  supplier: string
  object: string
  category: string
  modality: string
  /** Usual value, in thousands. */
  thousands: number
  currency?: string
}

export interface TownNames {
  currency: string
  /** The buyer of units that `ownBuyers` does not have. */
  buyer: string
  ownBuyers: readonly string[]
  /** Numbers of suppliers by name. */
  suppliers: Readonly<Record<string, string>>
  purchases: readonly Purchase[]
}

const YEARS = 4

const day = (from: string, days: number): string =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10)

/**
 * Makes the contracts of a town: every purchase four times in three years, one in five amended, some without a value,
 * an end or a supplier.
 */
export const townOf = (names: TownNames): TownRow[] =>
  Array.from({ length: names.purchases.length * YEARS }, (_, at) => {
    const bought = names.purchases[at % names.purchases.length] as Purchase
    const signed = day('2022-01-20', (at * 97) % 1110)
    const cents = at % 17 === 16 ? null : bought.thousands * 1000 * (60 + ((at * 37) % 90)) + at * 13
    const isNamed = at % 29 !== 28
    return {
      number: `${String(at + 1).padStart(3, '0')}/${signed.slice(0, 4)}`,
      buyer: names.ownBuyers.includes(bought.unit) ? bought.unit : names.buyer,
      unit: bought.unit,
      supplier: isNamed ? bought.supplier : null,
      supplierId: isNamed ? (names.suppliers[bought.supplier] as string) : null,
      object: bought.object,
      category: bought.category,
      modality: bought.modality,
      signed,
      ends: at % 23 === 22 ? null : day(signed, 120 + ((at * 53) % 500)),
      initialCents: cents !== null && at % 5 === 0 ? Math.round(cents * 0.8) : cents,
      cents,
      currency: bought.currency ?? names.currency,
    }
  })

const money = (cents: number | null): string => (cents === null ? '' : (cents / 100).toFixed(2))

/** Writes the contracts of a town as a file to upload. */
export const townCsv = (rows: readonly TownRow[]): string =>
  [
    'contract_number;buyer_name;unit_name;supplier_name;supplier_id;object;category;modality;signed_at;end_at;initial_value;final_value;currency',
    ...rows.map((row) =>
      [
        row.number,
        row.buyer,
        row.unit,
        row.supplier ?? '',
        row.supplierId ?? '',
        row.object,
        row.category,
        row.modality,
        row.signed,
        row.ends ?? '',
        money(row.initialCents),
        money(row.cents),
        row.currency,
      ].join(';'),
    ),
  ].join('\n')
