import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Facts of waivers that exceed the limit together; amounts in reais. */
export type SplitFacts = {
  buyer: string
  /** The managing unit, where it is not the buyer itself. */
  unit: string | null
  supplier: string
  n: number
  year: number
  works: boolean
  total: number
  limit: number
  law: string
  doubled: boolean
}
export type SplitNote = 'within_90_days' | 'same_object' | 'two_laws' | 'doubled' | 'ground_unstated'
export type SplitCode = never
export type SplitSetting = never

const unitOf = ({ buyer, unit }: SplitFacts): string => (unit === null ? buyer : `${buyer} (${unit})`)

export const SPLIT_PURCHASE_WORDS: Readonly<
  Record<Language, Words<SplitFacts, SplitNote, SplitCode, SplitSetting>>
> = {
  en: {
    title: 'Split purchase',
    rule:
      'Waivers by value of one managing unit with one supplier in one calendar year and one class, each within the limit ' +
      'in force on its date and together at or over it. Amounts in reais only.',
    blindSpots: [
      'Purchases spread over several suppliers are not added up.',
      'The class is read from the cited item or the words of the object.',
      "State companies (Lei 13.303/2016) have other limits and are not judged; nor are states' and cities' own doublings.",
      'Purchases by budget commitment alone (Empenho) are not counted.',
      'Dates outside the table of limits are not judged.',
    ],
    thresholds: {},
    report: {
      name: 'Purchases that together pass the limit for a waiver',
      meaning: 'Several purchases without tender, each under the legal limit, reach it together.',
      law: 'Lei 14.133/2021, art. 75 § 1; Lei 8.666/1993, art. 24',
      check: [
        'Add up the contracts listed: same unit, supplier, year and kind of purchase.',
        'Compare the sum with the limit in force on their dates, given as evidence.',
        'See whether the objects could have been foreseen and bought together.',
      ],
    },
    finding: (f, { money, number }) => ({
      title: `${number(f.n)} waivers by value with ${f.supplier} in ${f.year} together pass the limit`,
      explanation:
        `${unitOf(f)} bought from ${f.supplier} in ${number(f.n)} separate processes of ${f.year} without a tender, each ` +
        `within the limit for ${f.works ? 'works and engineering' : 'purchases and services other than works'}, together ` +
        `${money(f.total, 'BRL')} where the limit is ${money(f.limit, 'BRL')} (${f.law})` +
        `${f.doubled ? ', doubled for an executive agency or a consortium' : ''}. The law counts what one unit spends in ` +
        'a year on one kind of thing; whether these are one kind has to be looked at.',
    }),
    notes: {
      within_90_days: () => 'within 90 days',
      same_object: () => 'same object',
      two_laws: () =>
        'two laws could be used on that date and the file does not say which: the higher limit was taken',
      doubled: () => 'twice the limit: executive agency or consortium',
      ground_unstated: () => 'the file does not state the ground of the waiver: taken as one by value',
    },
    messages: {},
  },
  pt: {
    title: 'Fracionamento de despesa',
    rule:
      'Dispensas em razão do valor de uma unidade gestora com um fornecedor no mesmo ano civil e da mesma classe, cada uma ' +
      'dentro do limite vigente na sua data e juntas nele ou acima dele. Só valores em reais.',
    blindSpots: [
      'Compras espalhadas por vários fornecedores não são somadas.',
      'A classe é lida do inciso citado ou das palavras do objeto.',
      'Estatais (Lei 13.303/2016) têm outros limites e não são julgadas; nem as dobras próprias de estados e municípios.',
      'Compras só por empenho não são contadas.',
      'Datas fora da tabela de limites não são julgadas.',
    ],
    thresholds: {},
    report: {
      name: 'Compras que juntas passam o limite da dispensa',
      meaning: 'Várias compras sem licitação, cada uma sob o limite legal, o alcançam juntas.',
      law: 'Lei 14.133/2021, art. 75, § 1º; Lei 8.666/1993, art. 24',
      check: [
        'Some os contratos listados: mesma unidade, fornecedor, ano e tipo de compra.',
        'Compare a soma com o limite vigente nas datas, dado na evidência.',
        'Veja se os objetos podiam ter sido previstos e comprados juntos.',
      ],
    },
    finding: (f, { money, number }) => ({
      title: `${number(f.n)} dispensas por valor com ${f.supplier} em ${f.year} juntas passam o limite`,
      explanation:
        `${unitOf(f)} comprou de ${f.supplier} em ${number(f.n)} processos separados de ${f.year} sem licitação, cada um ` +
        `dentro do limite para ${f.works ? 'obras e serviços de engenharia' : 'compras e serviços que não são obras'}, juntos ` +
        `${money(f.total, 'BRL')} onde o limite é ${money(f.limit, 'BRL')} (${f.law})` +
        `${f.doubled ? ', em dobro para agência executiva ou consórcio' : ''}. A lei conta o que uma unidade gasta no ano ` +
        'com coisas da mesma natureza; se estas o são, é preciso verificar.',
    }),
    notes: {
      within_90_days: () => 'dentro de 90 dias',
      same_object: () => 'mesmo objeto',
      two_laws: () =>
        'duas leis podiam ser usadas nessa data e o arquivo não diz qual: tomou-se o limite maior',
      doubled: () => 'o dobro do limite: agência executiva ou consórcio',
      ground_unstated: () => 'o arquivo não diz o fundamento da dispensa: tomada como por valor',
    },
    messages: {},
  },
  es: {
    title: 'Compra fraccionada',
    rule:
      'Dispensas por valor de una unidad gestora con un proveedor en un mismo año civil y de una misma clase, cada una dentro ' +
      'del límite vigente en su fecha y juntas en él o por encima. Solo importes en reales.',
    blindSpots: [
      'No se suman compras repartidas entre varios proveedores.',
      'La clase se lee del inciso citado o de las palabras del objeto.',
      'Las empresas estatales (Lei 13.303/2016) tienen otros límites y no se juzgan; tampoco las duplicaciones propias de estados y municipios.',
      'No se cuentan compras solo por compromiso presupuestario (Empenho).',
      'No se juzgan fechas fuera de la tabla de límites.',
    ],
    thresholds: {},
    report: {
      name: 'Compras que juntas pasan el límite de la dispensa',
      meaning: 'Varias compras sin licitación, cada una bajo el límite legal, lo alcanzan juntas.',
      law: 'Lei 14.133/2021, art. 75 § 1; Lei 8.666/1993, art. 24',
      check: [
        'Sume los contratos listados: misma unidad, proveedor, año y tipo de compra.',
        'Compare la suma con el límite vigente en sus fechas, dado en la evidencia.',
        'Vea si los objetos podían haberse previsto y comprado juntos.',
      ],
    },
    finding: (f, { money, number }) => ({
      title: `${number(f.n)} dispensas por valor con ${f.supplier} en ${f.year} juntas pasan el límite`,
      explanation:
        `${unitOf(f)} compró a ${f.supplier} en ${number(f.n)} procesos separados de ${f.year} sin licitación, cada uno ` +
        `dentro del límite para ${f.works ? 'obras e ingeniería' : 'compras y servicios que no son obras'}, juntos ` +
        `${money(f.total, 'BRL')} donde el límite es ${money(f.limit, 'BRL')} (${f.law})` +
        `${f.doubled ? ', el doble para una agencia ejecutiva o un consorcio' : ''}. La ley cuenta lo que una unidad gasta ` +
        'en un año en una misma clase de cosas; si estas lo son, hay que verificarlo.',
    }),
    notes: {
      within_90_days: () => 'en menos de 90 días',
      same_object: () => 'mismo objeto',
      two_laws: () =>
        'en esa fecha podían usarse dos leyes y el archivo no dice cuál: se tomó el límite mayor',
      doubled: () => 'el doble del límite: agencia ejecutiva o consorcio',
      ground_unstated: () => 'el archivo no dice el fundamento de la dispensa: se tomó como por valor',
    },
    messages: {},
  },
}
