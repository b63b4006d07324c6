import { cents, type Draft, later } from './draft.ts'

/** Item, unit of measure, usual price in reais. */
const ITEMS = [
  ['Papel sulfite A4 75 g branco', 'Resma', 24.9],
  ['Caneta esferográfica azul', 'Unidade', 1.35],
  ['Luva de procedimento tamanho M', 'Caixa com 100', 38.5],
  ['Álcool etílico 70 %', 'Litro', 7.2],
  ['Gasolina comum', 'Litro', 5.89],
  ['Cimento CP II', 'Saco', 36],
  ['Notebook 14 polegadas 16 GB', 'Unidade', 4200],
  ['Arroz tipo 1', 'Kg', 5.4],
  ['Feijão carioca', 'Kg', 7.8],
  ['Cadeira giratória com braços', 'Unidade', 690],
] as const

const OBJECTS = [
  'Prestação de serviços de limpeza e conservação',
  'Fornecimento de gêneros alimentícios',
  'Construção de escola municipal',
  'Manutenção preventiva de veículos',
  'Serviços de vigilância patrimonial',
  'Aquisição de equipamentos de informática',
  'Pavimentação asfáltica de vias urbanas',
  'Locação de impressoras',
] as const

const YEARS = [2020, 2021, 2022, 2023, 2024] as const

const dayIn = (file: Draft): string => later(`${file.random.pick(YEARS)}-01-01`, file.random.integer(0, 364))

/** Clean contracts: values that follow Benford's law, prices and growth within bounds, no season. */
export const addBackground = (file: Draft, count: number): void => {
  const { random } = file
  const buyers = Array.from({ length: 45 }, () => file.buyer())
  const suppliers = Array.from({ length: Math.ceil(count / 12) }, () => file.supplier())
  const waived = new Set<string>()
  for (let i = 0; i < count; i++) {
    const buyer = random.pick(buyers)
    const supplier = random.pick(suppliers)
    const signed_at = dayIn(file)
    const value = cents(Math.exp(9.5 + 2.1 * random.normal()))
    const common = {
      ...buyer,
      ...supplier,
      signed_at,
      start_at: later(signed_at, random.integer(0, 10)),
      end_at: later(signed_at, random.integer(60, 360)),
      process_number: file.process(),
    }
    const once = `${buyer.buyer_id} ${supplier.supplier_id} ${signed_at.slice(0, 4)}`
    const waiver = value < 8000 && !waived.has(once) && random.next() < 0.5
    if (waiver) waived.add(once)
    const modality = waiver
      ? { modality: 'Dispensa de Licitação', legal_basis: 'Lei 8.666/1993, art. 24, II' }
      : {}
    if (random.next() < 0.4) {
      const [item, unit_of_measure, usual] = random.pick(ITEMS)
      const spread = Math.max(Math.min(random.normal(), 2.4), -2.4) * 0.15
      const unit_price = cents(usual * Math.exp(spread))
      const quantity = Math.max(Math.round(value / unit_price), 1)
      file.add({
        ...common,
        ...modality,
        object: `Registro de preços de material, processo ${file.serial()}`,
        item,
        unit_of_measure,
        unit_price,
        quantity,
        reference_price: cents(unit_price * random.between(0.95, 1.2)),
        final_value: cents(unit_price * quantity),
      })
      continue
    }
    const initial_value = Math.max(value, 100)
    file.add({
      ...common,
      ...modality,
      object: `${random.pick(OBJECTS)}, processo ${file.serial()}`,
      initial_value,
      final_value: cents(initial_value * (random.next() < 0.6 ? 1 : random.between(0.8, 1.24))),
    })
  }
}
