import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Facts of a supplier that dominates a buyer; amounts in `currency`, shares 0–1. */
export type ConcentrationFacts = {
  buyer: string
  supplier: string
  currency: string
  held: number
  total: number
  share: number
  hhi: number
  without_largest: number
  held_contracts: number
  buyer_contracts: number
  suppliers: number
}
export type ConcentrationNote = 'market' | 'without_largest'
export type ConcentrationCode = 'impossible' | 'more_impossible'
export type ConcentrationSetting =
  | 'share'
  | 'hhi'
  | 'contracts'
  | 'suppliers'
  | 'own_contracts'
  | 'without_largest'
  | 'impossible_times'
  | 'impossible_z'

type Impossible = { contract: string; buyer: string; amount: number; currency: string; next: number | null }

export const VENDOR_CONCENTRATION_WORDS: Readonly<
  Record<Language, Words<ConcentrationFacts, ConcentrationNote, ConcentrationCode, ConcentrationSetting>>
> = {
  en: {
    title: 'Vendor concentration',
    rule:
      "A supplier with at least half of a buyer's value and 3 contracts, and still a third without its largest, where " +
      'the buyer has at least 20 contracts, 5 suppliers and a Herfindahl–Hirschman index of at least 2,500. Impossible ' +
      'values are set aside.',
    blindSpots: [
      'Natural monopolies (energy, water, post) are concentrated lawfully.',
      'Companies of one owner under different tax numbers count as different suppliers.',
      'The whole period is one: a concentration in a single year may be diluted.',
    ],
    thresholds: {
      share: "share of the buyer's value, at least (0–1)",
      hhi: 'Herfindahl–Hirschman index, at least (0–10,000)',
      contracts: 'contracts of the buyer, at least',
      suppliers: 'suppliers of the buyer, at least',
      own_contracts: 'contracts of the supplier, at least',
      without_largest: "share when the supplier's largest contract is taken out, at least (0–1)",
      impossible_times: 'times the next largest value of the file above which the largest is impossible',
      impossible_z: 'robust z-score on logarithms above which that value is impossible',
    },
    report: {
      name: 'One supplier holds most of a buyer’s spending',
      meaning: 'A large share of what one buyer spends goes to one supplier.',
      law: 'Lei 14.133/2021, art. 11 II (fair competition)',
      check: [
        'Add up the buyer’s contracts in the data, then those of this supplier; the quotient is the share shown.',
        'See how each contract was awarded: some goods have one lawful supplier only.',
      ],
    },
    finding: (f, { money, percent, number }) => ({
      title: `${f.supplier} holds ${percent(f.share)} of what ${f.buyer} contracted`,
      explanation:
        `${f.supplier} has ${number(f.held_contracts)} of the ${number(f.buyer_contracts)} contracts of ${f.buyer} and ` +
        `${money(f.held, f.currency)} of ${money(f.total, f.currency)} (${percent(f.share)}), among ` +
        `${number(f.suppliers)} suppliers; without its largest contract it still has ${percent(f.without_largest)}. The ` +
        `Herfindahl–Hirschman index is ${number(f.hhi)}; from 2,500 a market counts as highly concentrated. Exclusive ` +
        'rights or a natural monopoly may explain it.',
    }),
    notes: {
      market: (f, { number }) =>
        `${number(f.buyer_contracts)} contracts and ${number(f.suppliers)} suppliers in all`,
      without_largest: (f, { percent }) =>
        `share without the largest contract: ${percent(f.without_largest)}`,
    },
    messages: {
      impossible: ({ contract, buyer, amount, currency, next }: Impossible, { money }) =>
        `vendor_concentration: contract ${contract} of ${buyer} was set aside as impossible: ` +
        `${money(amount, currency)}${next === null ? '' : ` where the next largest value of the file is ${money(next, currency)}`}`,
      more_impossible: ({ count }: { count: number }, { count: counted }) =>
        `vendor_concentration: ${counted(count, 'more impossible value was', 'more impossible values were')} set aside`,
    },
  },
  pt: {
    title: 'Concentração de fornecedor',
    rule:
      'Um fornecedor com pelo menos metade do valor de um órgão e 3 contratos, e ainda um terço sem o maior deles, onde o ' +
      'órgão tem pelo menos 20 contratos, 5 fornecedores e um índice Herfindahl–Hirschman de 2.500 ou mais. Valores ' +
      'impossíveis são postos de lado.',
    blindSpots: [
      'Monopólios naturais (energia, água, correios) concentram licitamente.',
      'Empresas de um só dono com CNPJ diferentes contam como fornecedores diferentes.',
      'O período inteiro é um só: a concentração de um único ano pode se diluir.',
    ],
    thresholds: {
      share: 'parte do valor do órgão, no mínimo (0–1)',
      hhi: 'índice Herfindahl–Hirschman, no mínimo (0–10.000)',
      contracts: 'contratos do órgão, no mínimo',
      suppliers: 'fornecedores do órgão, no mínimo',
      own_contracts: 'contratos do fornecedor, no mínimo',
      without_largest: 'parte sem o maior contrato do fornecedor, no mínimo (0–1)',
      impossible_times: 'vezes o segundo maior valor do arquivo acima das quais o maior é impossível',
      impossible_z: 'z robusto sobre logaritmos acima do qual esse valor é impossível',
    },
    report: {
      name: 'Um fornecedor tem a maior parte dos gastos de um órgão',
      meaning: 'Grande parte do que um órgão gasta vai para um só fornecedor.',
      law: 'Lei 14.133/2021, art. 11, II (justa competição)',
      check: [
        'Some os contratos do órgão nos dados, depois os deste fornecedor; o quociente é a parte indicada.',
        'Veja como cada contrato foi adjudicado: alguns bens têm um só fornecedor lícito.',
      ],
    },
    finding: (f, { money, percent, number }) => ({
      title: `${f.supplier} tem ${percent(f.share)} do que ${f.buyer} contratou`,
      explanation:
        `${f.supplier} tem ${number(f.held_contracts)} dos ${number(f.buyer_contracts)} contratos de ${f.buyer} e ` +
        `${money(f.held, f.currency)} de ${money(f.total, f.currency)} (${percent(f.share)}), entre ` +
        `${number(f.suppliers)} fornecedores; sem o maior contrato ainda tem ${percent(f.without_largest)}. O índice ` +
        `Herfindahl–Hirschman é ${number(f.hhi)}; a partir de 2.500 um mercado é tido por muito concentrado. ` +
        'Exclusividade ou monopólio natural podem explicar.',
    }),
    notes: {
      market: (f, { number }) =>
        `${number(f.buyer_contracts)} contratos e ${number(f.suppliers)} fornecedores ao todo`,
      without_largest: (f, { percent }) => `parte sem o maior contrato: ${percent(f.without_largest)}`,
    },
    messages: {
      impossible: ({ contract, buyer, amount, currency, next }: Impossible, { money }) =>
        `vendor_concentration: o contrato ${contract} de ${buyer} foi posto de lado por impossível: ` +
        `${money(amount, currency)}${next === null ? '' : ` onde o segundo maior valor do arquivo é ${money(next, currency)}`}`,
      more_impossible: ({ count }: { count: number }, { count: counted }) =>
        `vendor_concentration: mais ${counted(count, 'valor impossível foi posto', 'valores impossíveis foram postos')} de lado`,
    },
  },
  es: {
    title: 'Concentración de proveedor',
    rule:
      'Un proveedor con al menos la mitad del valor de un órgano y 3 contratos, y todavía un tercio sin el mayor, donde el ' +
      'órgano tiene al menos 20 contratos, 5 proveedores y un índice Herfindahl–Hirschman de 2.500 o más. Los valores ' +
      'imposibles se apartan.',
    blindSpots: [
      'Los monopolios naturales (energía, agua, correos) concentran lícitamente.',
      'Empresas de un mismo dueño con números fiscales distintos cuentan como proveedores distintos.',
      'Todo el período es uno: la concentración de un solo año puede diluirse.',
    ],
    thresholds: {
      share: 'parte del valor del órgano, como mínimo (0–1)',
      hhi: 'índice Herfindahl–Hirschman, como mínimo (0–10.000)',
      contracts: 'contratos del órgano, como mínimo',
      suppliers: 'proveedores del órgano, como mínimo',
      own_contracts: 'contratos del proveedor, como mínimo',
      without_largest: 'parte sin el mayor contrato del proveedor, como mínimo (0–1)',
      impossible_times:
        'veces el segundo mayor valor del archivo por encima de las cuales el mayor es imposible',
      impossible_z: 'z robusto sobre logaritmos por encima del cual ese valor es imposible',
    },
    report: {
      name: 'Un proveedor tiene la mayor parte del gasto de un órgano',
      meaning: 'Gran parte de lo que gasta un órgano va a un solo proveedor.',
      law: 'Lei 14.133/2021, art. 11 II (competencia justa)',
      check: [
        'Sume los contratos del órgano en los datos, luego los de este proveedor; el cociente es la parte indicada.',
        'Vea cómo se adjudicó cada contrato: algunos bienes tienen un solo proveedor lícito.',
      ],
    },
    finding: (f, { money, percent, number }) => ({
      title: `${f.supplier} tiene el ${percent(f.share)} de lo que contrató ${f.buyer}`,
      explanation:
        `${f.supplier} tiene ${number(f.held_contracts)} de los ${number(f.buyer_contracts)} contratos de ${f.buyer} y ` +
        `${money(f.held, f.currency)} de ${money(f.total, f.currency)} (${percent(f.share)}), entre ` +
        `${number(f.suppliers)} proveedores; sin su mayor contrato todavía tiene el ${percent(f.without_largest)}. El ` +
        `índice Herfindahl–Hirschman es ${number(f.hhi)}; desde 2.500 un mercado se considera muy concentrado. Derechos ` +
        'exclusivos o un monopolio natural pueden explicarlo.',
    }),
    notes: {
      market: (f, { number }) =>
        `${number(f.buyer_contracts)} contratos y ${number(f.suppliers)} proveedores en total`,
      without_largest: (f, { percent }) => `parte sin el mayor contrato: ${percent(f.without_largest)}`,
    },
    messages: {
      impossible: ({ contract, buyer, amount, currency, next }: Impossible, { money }) =>
        `vendor_concentration: el contrato ${contract} de ${buyer} se apartó por imposible: ` +
        `${money(amount, currency)}${next === null ? '' : ` donde el segundo mayor valor del archivo es ${money(next, currency)}`}`,
      more_impossible: ({ count }: { count: number }, { count: counted }) =>
        `vendor_concentration: ${count === 1 ? 'se apartó' : 'se apartaron'} ${counted(count, 'valor imposible', 'valores imposibles')} más`,
    },
  },
}
