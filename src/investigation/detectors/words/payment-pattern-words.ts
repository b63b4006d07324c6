import type { Format } from '../../../language/format.ts'
import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Facts of a contract that grew; amounts in reais, `limit` as a share (0.25 is 25 %). */
export type GrowthFacts = {
  initial: number
  final: number
  limit: number
  excess: number
  updated: boolean
  renovation: boolean
  renewal: boolean
  law: string
}
export type GrowthNote = 'renewal' | 'renovation' | 'not_updated'
export type GrowthCode = 'instalments'
export type GrowthSetting = 'growth' | 'renovation_growth'

const figures = ({ initial, final, limit, excess }: GrowthFacts, { money, percent }: Format) => ({
  growth: percent(final / initial - 1),
  most: percent(limit),
  from: money(initial, 'BRL'),
  to: money(final, 'BRL'),
  beyond: money(excess, 'BRL'),
})

export const PAYMENT_PATTERN_WORDS: Readonly<
  Record<Language, Words<GrowthFacts, GrowthNote, GrowthCode, GrowthSetting>>
> = {
  en: {
    title: 'Contract growth',
    rule:
      'Final value more than 25 % over the updated initial value, for works too; more than 50 % for the renovation ' +
      'of a building or of equipment. Contracts in reais only.',
    blindSpots: [
      'Increases set off by decreases in the same contract are not seen (the law forbids to set them off).',
      'Without an updated initial value, yearly price adjustments count as growth.',
      'Renewals of continuous services add value lawfully: they can only be guessed from the length of the term.',
    ],
    thresholds: {
      growth: 'growth that is still lawful (0.25 = 25 %)',
      renovation_growth: 'growth that is still lawful for the renovation of a building or of equipment',
    },
    report: {
      name: 'A contract grew beyond the legal limit',
      meaning: 'The final value stands further above the initial one than amendments may raise it.',
      law: 'Lei 14.133/2021, art. 125; Lei 8.666/1993, art. 65 § 1',
      check: [
        'Divide the final by the (updated) initial value; above 1.25, for renovations 1.5, the limit is passed.',
        'Read the amendments: a renewed term or a price adjustment is not an addition.',
      ],
    },
    finding(facts, say) {
      const { growth, most, from, to, beyond } = figures(facts, say)
      return {
        title: `Contract value grew by ${growth}, over the limit of ${most}`,
        explanation:
          `The contract stands at ${to}, ${growth} over its ${facts.updated ? 'updated ' : ''}initial value of ` +
          `${from}. ${facts.law} allow increases of ${most}` +
          `${facts.renovation ? ' for the renovation of a building or of equipment' : ''}; ${beyond} are beyond that.` +
          `${facts.renewal ? ' Its term is longer than a year, so part of the growth may be a renewal.' : ''}`,
      }
    },
    notes: {
      renewal: () => 'may be a renewal',
      renovation: ({ limit }, { percent }) =>
        `renovation of a building or of equipment: the limit is ${percent(limit)}`,
      not_updated: () => 'the file has no updated initial value: price adjustments are not taken out',
    },
    messages: {
      instalments: ({ count }: { count: number }, { count: counted }) =>
        `payment_pattern: ${counted(count, 'contract was left out: its', 'contracts were left out: their')} final value is the initial one times the ` +
        'months of the term, so the initial value is an instalment',
    },
  },
  pt: {
    title: 'Crescimento do contrato',
    rule:
      'Valor final mais de 25 % acima do valor inicial atualizado, também em obras; mais de 50 % em reforma de ' +
      'edifício ou de equipamento. Só contratos em reais.',
    blindSpots: [
      'Acréscimos compensados por supressões no mesmo contrato não aparecem (a lei proíbe compensá-los).',
      'Sem valor inicial atualizado, reajustes anuais contam como crescimento.',
      'Prorrogações de serviços contínuos somam valor licitamente: só podem ser supostas pela duração da vigência.',
    ],
    thresholds: {
      growth: 'crescimento ainda lícito (0.25 = 25 %)',
      renovation_growth: 'crescimento ainda lícito em reforma de edifício ou de equipamento',
    },
    report: {
      name: 'Um contrato cresceu além do limite legal',
      meaning: 'O valor final está mais acima do inicial do que os aditivos podem elevá-lo.',
      law: 'Lei 14.133/2021, art. 125; Lei 8.666/1993, art. 65 § 1º',
      check: [
        'Divida o valor final pelo inicial (atualizado); acima de 1,25, em reformas 1,5, o limite foi passado.',
        'Leia os termos aditivos: prorrogação da vigência e reajuste não são acréscimo.',
      ],
    },
    finding(facts, say) {
      const { growth, most, from, to, beyond } = figures(facts, say)
      return {
        title: `O valor do contrato cresceu ${growth}, acima do limite de ${most}`,
        explanation:
          `O contrato está em ${to}, ${growth} acima do valor inicial ${facts.updated ? 'atualizado ' : ''}de ${from}. ` +
          `${facts.law} permitem acréscimos de ${most}` +
          `${facts.renovation ? ' em reforma de edifício ou de equipamento' : ''}; ${beyond} passam disso.` +
          `${facts.renewal ? ' A vigência é maior que um ano, e parte do crescimento pode ser prorrogação.' : ''}`,
      }
    },
    notes: {
      renewal: () => 'pode ser uma prorrogação',
      renovation: ({ limit }, { percent }) =>
        `reforma de edifício ou de equipamento: o limite é de ${percent(limit)}`,
      not_updated: () => 'o arquivo não tem valor inicial atualizado: os reajustes não foram descontados',
    },
    messages: {
      instalments: ({ count }: { count: number }, { count: counted }) =>
        `payment_pattern: ${counted(count, 'contrato ficou', 'contratos ficaram')} de fora: seu valor final é o inicial vezes os meses da ` +
        'vigência, logo o valor inicial é uma parcela',
    },
  },
  es: {
    title: 'Crecimiento del contrato',
    rule:
      'Valor final más de un 25 % por encima del valor inicial actualizado, también en obras; más de un 50 % en la ' +
      'reforma de un edificio o de un equipo. Solo contratos en reales.',
    blindSpots: [
      'No se ven los aumentos compensados con reducciones en el mismo contrato (la ley prohíbe compensarlos).',
      'Sin valor inicial actualizado, los reajustes anuales cuentan como crecimiento.',
      'Las prórrogas de servicios continuos suman valor lícitamente: solo se suponen por la duración del plazo.',
    ],
    thresholds: {
      growth: 'crecimiento todavía lícito (0.25 = 25 %)',
      renovation_growth: 'crecimiento todavía lícito en la reforma de un edificio o de un equipo',
    },
    report: {
      name: 'Un contrato creció más allá del límite legal',
      meaning: 'El valor final supera al inicial más de lo que las modificaciones pueden elevarlo.',
      law: 'Lei 14.133/2021, art. 125; Lei 8.666/1993, art. 65 § 1',
      check: [
        'Divida el valor final por el inicial (actualizado); por encima de 1,25, en reformas 1,5, se pasó el límite.',
        'Lea las modificaciones: una prórroga del plazo o un reajuste de precios no es una ampliación.',
      ],
    },
    finding(facts, say) {
      const { growth, most, from, to, beyond } = figures(facts, say)
      return {
        title: `El valor del contrato creció un ${growth}, por encima del límite del ${most}`,
        explanation:
          `El contrato está en ${to}, un ${growth} por encima de su valor inicial ${facts.updated ? 'actualizado ' : ''}` +
          `de ${from}. ${facts.law} permiten aumentos del ${most}` +
          `${facts.renovation ? ' en la reforma de un edificio o de un equipo' : ''}; ${beyond} lo superan.` +
          `${facts.renewal ? ' El plazo supera un año, y parte del crecimiento puede ser una prórroga.' : ''}`,
      }
    },
    notes: {
      renewal: () => 'puede ser una prórroga',
      renovation: ({ limit }, { percent }) =>
        `reforma de un edificio o de un equipo: el límite es del ${percent(limit)}`,
      not_updated: () => 'el archivo no tiene valor inicial actualizado: no se descuentan los reajustes',
    },
    messages: {
      instalments: ({ count }: { count: number }, { count: counted }) =>
        `payment_pattern: ${counted(count, 'contrato quedó', 'contratos quedaron')} fuera: su valor final es el inicial por los meses del ` +
        'plazo, así que el valor inicial es una cuota',
    },
  },
}
