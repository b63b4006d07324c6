import type { Format } from '../../../language/format.ts'
import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Facts of a month with unusually many purchases. */
export type MonthFacts = {
  buyer: string
  count: number
  /** `YYYY-MM`. */
  month: string
  /** Mean of the year's other months. */
  others: number
  /** Mean of the same month of other years, or null. */
  same: number | null
  year_end: boolean
  /** Months from the buyer's first to its last purchase. */
  history: number
  commitments: number
  /** Rows of the month, where there are more than purchases. */
  rows: number
}
export type MonthNote = 'year_end' | 'short_history' | 'commitments' | 'one_day' | 'processes'
export type MonthCode = 'short_file' | 'one_month'
export type MonthSetting =
  | 'count'
  | 'ratio'
  | 'same_month_ratio'
  | 'tail'
  | 'months'
  | 'span'
  | 'one_month'
  | 'history'

const tenth = (figure: number, { number }: Format): string => number(Math.round(figure * 10) / 10)

export const TEMPORAL_PATTERN_WORDS: Readonly<
  Record<Language, Words<MonthFacts, MonthNote, MonthCode, MonthSetting>>
> = {
  en: {
    title: 'Temporal pattern',
    rule:
      "A month of a buyer with at least 12 purchases, 2.5 times the mean of that year's other months and twice the same " +
      'month of other years, with a Poisson tail of at most 10⁻⁶; months are those of the file.',
    blindSpots: [
      'Counts, not values: one huge contract at the end of the year is not seen.',
      'A rush that returns every year counts as the season.',
      'Buyers with purchases in fewer than three months are not judged.',
    ],
    thresholds: {
      count: 'purchases of the month, at least',
      ratio: "times the mean of the year's other months, at least",
      same_month_ratio: 'times the same month of other years, at least',
      tail: 'Poisson tail, at most',
      months: 'other months in which the buyer has a purchase, at least',
      span: 'months that the file must span',
      one_month:
        'share of the rows of a file of less than a year in one month, from which it is that month’s list',
      history: 'months of history below which severity is capped at medium',
    },
    report: {
      name: 'A month with unusually many contracts',
      meaning: 'A buyer signed far more contracts in one month than in its other months.',
      law: 'Lei 4.320/1964, arts. 35 and 60 (the year’s budget and its commitments)',
      check: [
        'Count the buyer’s purchases by month of signature, the rows of one process and day as one, and compare.',
        'Look for a lawful reason: a yearly renewal, an emergency, a programme that began.',
      ],
    },
    finding: (f, say) => ({
      title: `${say.number(f.count)} purchases of ${f.buyer} in ${say.month(f.month)}`,
      explanation:
        `${f.buyer} has ${say.number(f.count)} purchases in ${say.month(f.month)}; the other months of that year have ` +
        `${tenth(f.others, say)} on average` +
        `${f.same === null ? '' : `, and the same month of other years ${tenth(f.same, say)}`}. By chance alone a month ` +
        'would reach that count less than once in a million.' +
        `${f.year_end ? ' Budgets end with the year, so a rush in December is common and deserves the same care.' : ''}`,
    }),
    notes: {
      year_end: () => 'year_end',
      short_history: ({ history }, { count }) => `short history: ${count(history, 'month', 'months')}`,
      commitments: ({ commitments }, { count }) =>
        count(commitments, 'of them is a budget commitment', 'of them are budget commitments'),
      one_day: () => 'all on one day: the date may be that of a bulk entry',
      processes: ({ rows }, { number }) =>
        `${number(rows)} rows in the file; those of one process and day count once`,
    },
    messages: {
      short_file: ({ months }: { months: number }, { number }) =>
        `the data spans fewer than ${number(months)} months`,
      one_month: ({ share }: { share: number }, { percent }) =>
        `the file is the list of one month, which has ${percent(share)} of its rows`,
    },
  },
  pt: {
    title: 'Padrão temporal',
    rule:
      'Um mês de um órgão com pelo menos 12 compras, 2,5 vezes a média dos outros meses daquele ano e o dobro do mesmo mês ' +
      'de outros anos, com cauda de Poisson de no máximo 10⁻⁶; contam os meses que o arquivo abrange.',
    blindSpots: [
      'Contagens, não valores: um único contrato enorme no fim do ano não aparece.',
      'Uma corrida que volta todo ano conta como época.',
      'Órgãos com compras em menos de três meses não são julgados.',
    ],
    thresholds: {
      count: 'compras do mês, no mínimo',
      ratio: 'vezes a média dos outros meses do ano, no mínimo',
      same_month_ratio: 'vezes o mesmo mês de outros anos, no mínimo',
      tail: 'cauda de Poisson, no máximo',
      months: 'outros meses em que o órgão tem compra, no mínimo',
      span: 'meses que o arquivo deve abranger',
      one_month:
        'parte das linhas de um arquivo de menos de um ano num só mês, a partir da qual é a lista daquele mês',
      history: 'meses de histórico abaixo dos quais a gravidade não passa de média',
    },
    report: {
      name: 'Um mês com contratos demais',
      meaning: 'Um órgão assinou num mês muito mais contratos que nos outros.',
      law: 'Lei 4.320/1964, arts. 35 e 60 (o orçamento do ano e seus empenhos)',
      check: [
        'Conte as compras do órgão por mês de assinatura, as linhas de um processo e dia como uma, e compare.',
        'Procure uma razão lícita: uma renovação anual, uma emergência, um programa que começou.',
      ],
    },
    finding: (f, say) => ({
      title: `${say.number(f.count)} compras de ${f.buyer} em ${say.month(f.month)}`,
      explanation:
        `${f.buyer} tem ${say.number(f.count)} compras em ${say.month(f.month)}; os outros meses daquele ano têm em média ` +
        `${tenth(f.others, say)}` +
        `${f.same === null ? '' : `, e o mesmo mês de outros anos ${tenth(f.same, say)}`}. Só por acaso um mês chegaria a ` +
        'essa contagem menos de uma vez em um milhão.' +
        `${f.year_end ? ' O orçamento acaba com o ano: a corrida de dezembro é comum e merece o mesmo cuidado.' : ''}`,
    }),
    notes: {
      year_end: () => 'year_end',
      short_history: ({ history }, { count }) => `histórico curto: ${count(history, 'mês', 'meses')}`,
      commitments: ({ commitments }, { count }) =>
        count(commitments, 'delas é um empenho', 'delas são empenhos'),
      one_day: () => 'todas no mesmo dia: a data pode ser a de um lançamento em lote',
      processes: ({ rows }, { number }) =>
        `${number(rows)} linhas no arquivo; as de um mesmo processo e dia contam uma vez`,
    },
    messages: {
      short_file: ({ months }: { months: number }, { number }) =>
        `os dados abrangem menos de ${number(months)} meses`,
      one_month: ({ share }: { share: number }, { percent }) =>
        `o arquivo é a lista de um mês, que tem ${percent(share)} das suas linhas`,
    },
  },
  es: {
    title: 'Patrón temporal',
    rule:
      'Un mes de un órgano con al menos 12 compras, 2,5 veces la media de los demás meses de ese año y el doble del mismo ' +
      'mes de otros años, con una cola de Poisson de 10⁻⁶ como máximo; cuentan los meses que abarca el archivo.',
    blindSpots: [
      'Recuentos, no valores: un único contrato enorme a fin de año no se ve.',
      'Una prisa que vuelve cada año cuenta como temporada.',
      'No se juzgan órganos con compras en menos de tres meses.',
    ],
    thresholds: {
      count: 'compras del mes, como mínimo',
      ratio: 'veces la media de los demás meses del año, como mínimo',
      same_month_ratio: 'veces el mismo mes de otros años, como mínimo',
      tail: 'cola de Poisson, como máximo',
      months: 'otros meses en que el órgano tiene alguna compra, como mínimo',
      span: 'meses que debe abarcar el archivo',
      one_month:
        'parte de las filas de un archivo de menos de un año en un solo mes, desde la cual es la lista de ese mes',
      history: 'meses de historia por debajo de los cuales la gravedad no pasa de media',
    },
    report: {
      name: 'Un mes con demasiados contratos',
      meaning: 'Un órgano firmó en un mes muchos más contratos que en los demás.',
      law: 'Lei 4.320/1964, arts. 35 y 60 (el presupuesto del año y sus compromisos)',
      check: [
        'Cuente las compras del órgano por mes de firma, las filas de un expediente y día como una, y compare.',
        'Busque una razón lícita: una renovación anual, una emergencia, un programa que empezó.',
      ],
    },
    finding: (f, say) => ({
      title: `${say.number(f.count)} compras de ${f.buyer} en ${say.month(f.month)}`,
      explanation:
        `${f.buyer} tiene ${say.number(f.count)} compras en ${say.month(f.month)}; los demás meses de ese año tienen de ` +
        `media ${tenth(f.others, say)}` +
        `${f.same === null ? '' : `, y el mismo mes de otros años ${tenth(f.same, say)}`}. Solo por azar un mes llegaría a ` +
        'ese número menos de una vez en un millón.' +
        `${f.year_end ? ' El presupuesto acaba con el año: la prisa de diciembre es común y merece el mismo cuidado.' : ''}`,
    }),
    notes: {
      year_end: () => 'year_end',
      short_history: ({ history }, { count }) => `historia corta: ${count(history, 'mes', 'meses')}`,
      commitments: ({ commitments }, { count }) =>
        count(
          commitments,
          'de ellas es un compromiso presupuestario',
          'de ellas son compromisos presupuestarios',
        ),
      one_day: () => 'todas en un mismo día: la fecha puede ser la de una carga en bloque',
      processes: ({ rows }, { number }) =>
        `${number(rows)} filas en el archivo; las de un mismo expediente y día cuentan una vez`,
    },
    messages: {
      short_file: ({ months }: { months: number }, { number }) =>
        `los datos abarcan menos de ${number(months)} meses`,
      one_month: ({ share }: { share: number }, { percent }) =>
        `el archivo es la lista de un mes, que tiene ${percent(share)} de sus filas`,
    },
  },
}
