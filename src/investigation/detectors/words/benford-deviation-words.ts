import type { Format } from '../../../language/format.ts'
import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Nigrini's labels of the mean absolute deviation, from the closest on. */
export const CONFORMITIES = ['close', 'acceptable', 'marginal', 'none'] as const
export type Conformity = (typeof CONFORMITIES)[number]

/** Facts of values whose first digits depart from Benford's law. */
export type DigitFacts = {
  /** Null for the whole file. */
  buyer: string | null
  currency: string
  n: number
  /** Whether only the first digit was tested. */
  single: boolean
  /** The pair of digits with the largest deviation. */
  pair: number
  found: number
  expected: number
  z: number
  chi: number
  /** The probability as text, since it may be below the smallest number. */
  p: string
  /** The mean absolute deviation; null where there are too few values for it. */
  mad: number | null
  conformity: Conformity | null
  repeated: readonly { value: number; count: number }[]
}
export type DigitNote = 'single_digit' | 'chi_square' | 'conformity' | 'repeated'
export type DigitCode = 'few_values'
export type DigitSetting = 'values' | 'first_digit_values' | 'mad_values' | 'p' | 'z'

/** Tells the power of ten that a probability is below; one too small for a number is below the last that is told. */
const below = (p: string): string => {
  const exponent = Math.max(-300, Math.floor(Math.log10(Number(p))) + 1)
  return `< 10${String(exponent).replace(/[-\d]/g, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '⁻')}`
}

const LABELS: Readonly<Record<Language, Readonly<Record<Conformity, string>>>> = {
  en: {
    close: 'close conformity',
    acceptable: 'acceptable conformity',
    marginal: 'marginal conformity',
    none: 'nonconformity',
  },
  pt: {
    close: 'conformidade estreita',
    acceptable: 'conformidade aceitável',
    marginal: 'conformidade marginal',
    none: 'não conformidade',
  },
  es: {
    close: 'conformidad estrecha',
    acceptable: 'conformidad aceptable',
    marginal: 'conformidad marginal',
    none: 'no conformidad',
  },
}

/** Returns the sentence with the mean absolute deviation and its label, or an empty text. */
const labelled = ({ mad, conformity }: DigitFacts, { number, language }: Format): string =>
  mad === null || conformity === null
    ? ''
    : `MAD ${number(mad, 5)}: ${LABELS[language][conformity]} (Nigrini)`

export const BENFORD_DEVIATION_WORDS: Readonly<
  Record<Language, Words<DigitFacts, DigitNote, DigitCode, DigitSetting>>
> = {
  en: {
    title: "Deviation from Benford's law",
    rule:
      'First two digits of at least 1,000 positive values, per buyer and for the whole file: χ² p < 10⁻⁶ and a pair with ' +
      'z > 4.5; the first digit only for 500 to 999 values. Each currency by itself.',
    blindSpots: [
      'Tariffs, price lists and values that all lie in one range deviate lawfully.',
      'Invented values that follow the law are not seen.',
      'It says that a set of values is unusual, not which of them.',
    ],
    thresholds: {
      values: 'positive values for the test of two digits, at least',
      first_digit_values: 'positive values for the test of one digit, at least',
      mad_values: 'positive values from which the MAD and its label are given',
      p: 'p of the χ² test, below',
      z: 'z of at least one pair, above',
    },
    report: {
      name: 'First digits that do not follow Benford’s law',
      meaning: 'In large sets of natural amounts the first digits follow a known distribution; these do not.',
      law: 'No law: a statistical convention (Nigrini, 2012)',
      check: [
        'Count the first two digits of the positive values and compare with the table of evidence.',
        'Look at the most repeated exact values: fixed fees and tariffs explain many departures.',
      ],
    },
    finding(f, say) {
      const scope = f.buyer ?? 'the whole file'
      return {
        title: `First ${f.single ? 'digits' : 'two digits'} of ${say.number(f.n)} values of ${scope} deviate from Benford's law`,
        explanation:
          `Among ${say.number(f.n)} positive values of ${scope}, ${say.number(f.found)} begin with ${f.pair} where ` +
          `Benford's law expects ${say.number(f.expected, 1)} (z = ${say.number(f.z, 1)}); over all digits χ² is ` +
          `${say.number(f.chi, 1)}, p ${below(f.p)}. ${f.mad === null ? '' : `${labelled(f, say)}. `}` +
          'Price lists, tariffs and limits cause such patterns too; this is not a list of suspects.',
      }
    },
    notes: {
      single_digit: () => 'first digit only: fewer than 1,000 values',
      chi_square: ({ p }) => `χ² with 89 degrees of freedom, p ${below(p)}`,
      conformity: labelled,
      repeated: ({ repeated, currency }, { money, number }) =>
        repeated.map(({ value, count }) => `${money(value, currency)} occurs ${number(count)} times`),
    },
    messages: {
      few_values: ({ values }: { values: number }, { number }) =>
        `fewer than ${number(values)} positive values`,
    },
  },
  pt: {
    title: 'Desvio da lei de Benford',
    rule:
      'Dois primeiros dígitos de pelo menos 1.000 valores positivos, por órgão e do arquivo inteiro: χ² com p < 10⁻⁶ e um par ' +
      'com z > 4,5; só o primeiro dígito de 500 a 999 valores. Cada moeda à parte.',
    blindSpots: [
      'Tarifas, tabelas de preços e valores todos da mesma faixa desviam licitamente.',
      'Valores inventados que seguem a lei não aparecem.',
      'Diz que um conjunto de valores é incomum, não quais deles.',
    ],
    thresholds: {
      values: 'valores positivos para o teste de dois dígitos, no mínimo',
      first_digit_values: 'valores positivos para o teste de um dígito, no mínimo',
      mad_values: 'valores positivos a partir dos quais se dão o MAD e seu rótulo',
      p: 'p do teste χ², abaixo de',
      z: 'z de ao menos um par, acima de',
    },
    report: {
      name: 'Primeiros dígitos que não seguem a lei de Benford',
      meaning:
        'Em grandes conjuntos de valores naturais os primeiros dígitos seguem uma distribuição conhecida; estes não.',
      law: 'Nenhuma lei: uma convenção estatística (Nigrini, 2012)',
      check: [
        'Conte os dois primeiros dígitos dos valores positivos e compare com a tabela da evidência.',
        'Olhe os valores exatos mais repetidos: taxas fixas e tarifas explicam muitos desvios.',
      ],
    },
    finding(f, say) {
      const scope = f.buyer ?? 'todo o arquivo'
      return {
        title: `Os ${f.single ? 'primeiros dígitos' : 'dois primeiros dígitos'} de ${say.number(f.n)} valores de ${scope} fogem da lei de Benford`,
        explanation:
          `Entre ${say.number(f.n)} valores positivos de ${scope}, ${say.number(f.found)} começam com ${f.pair}, onde a lei ` +
          `de Benford espera ${say.number(f.expected, 1)} (z = ${say.number(f.z, 1)}); em todos os dígitos χ² é ` +
          `${say.number(f.chi, 1)}, p ${below(f.p)}. ${f.mad === null ? '' : `${labelled(f, say)}. `}` +
          'Tabelas de preços, tarifas e limites também causam isso; não é uma lista de suspeitos.',
      }
    },
    notes: {
      single_digit: () => 'só o primeiro dígito: menos de 1.000 valores',
      chi_square: ({ p }) => `χ² com 89 graus de liberdade, p ${below(p)}`,
      conformity: labelled,
      repeated: ({ repeated, currency }, { money, number }) =>
        repeated.map(({ value, count }) => `${money(value, currency)} aparece ${number(count)} vezes`),
    },
    messages: {
      few_values: ({ values }: { values: number }, { number }) =>
        `menos de ${number(values)} valores positivos`,
    },
  },
  es: {
    title: 'Desviación de la ley de Benford',
    rule:
      'Dos primeros dígitos de al menos 1.000 valores positivos, por órgano y de todo el archivo: χ² con p < 10⁻⁶ y un par con ' +
      'z > 4,5; solo el primer dígito de 500 a 999 valores. Cada moneda por separado.',
    blindSpots: [
      'Tarifas, listas de precios y valores todos de un mismo rango se desvían lícitamente.',
      'No se ven valores inventados que siguen la ley.',
      'Dice que un conjunto de valores es inusual, no cuáles.',
    ],
    thresholds: {
      values: 'valores positivos para la prueba de dos dígitos, como mínimo',
      first_digit_values: 'valores positivos para la prueba de un dígito, como mínimo',
      mad_values: 'valores positivos desde los que se dan el MAD y su etiqueta',
      p: 'p de la prueba χ², por debajo de',
      z: 'z de al menos un par, por encima de',
    },
    report: {
      name: 'Primeros dígitos que no siguen la ley de Benford',
      meaning:
        'En grandes conjuntos de importes naturales los primeros dígitos siguen una distribución conocida; estos no.',
      law: 'Ninguna ley: una convención estadística (Nigrini, 2012)',
      check: [
        'Cuente los dos primeros dígitos de los valores positivos y compare con la tabla de la evidencia.',
        'Mire los valores exactos más repetidos: tasas fijas y tarifas explican muchas desviaciones.',
      ],
    },
    finding(f, say) {
      const scope = f.buyer ?? 'todo el archivo'
      return {
        title: `Los ${f.single ? 'primeros dígitos' : 'dos primeros dígitos'} de ${say.number(f.n)} valores de ${scope} se desvían de la ley de Benford`,
        explanation:
          `Entre ${say.number(f.n)} valores positivos de ${scope}, ${say.number(f.found)} empiezan por ${f.pair}, donde la ` +
          `ley de Benford espera ${say.number(f.expected, 1)} (z = ${say.number(f.z, 1)}); en todos los dígitos χ² es ` +
          `${say.number(f.chi, 1)}, p ${below(f.p)}. ${f.mad === null ? '' : `${labelled(f, say)}. `}` +
          'Las listas de precios, tarifas y límites también lo causan; no es una lista de sospechosos.',
      }
    },
    notes: {
      single_digit: () => 'solo el primer dígito: menos de 1.000 valores',
      chi_square: ({ p }) => `χ² con 89 grados de libertad, p ${below(p)}`,
      conformity: labelled,
      repeated: ({ repeated, currency }, { money, number }) =>
        repeated.map(({ value, count }) => `${money(value, currency)} aparece ${number(count)} veces`),
    },
    messages: {
      few_values: ({ values }: { values: number }, { number }) =>
        `menos de ${number(values)} valores positivos`,
    },
  },
}
