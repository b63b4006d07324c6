import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Facts of contracts that look like one; amounts in `currency`. */
export type DuplicateFacts = {
  n: number
  buyer: string
  supplier: string
  currency: string
  /** Value at signature of the first contract. */
  value: number
  impact: number
  dated: boolean
  days: number
  /** Largest difference of values that the rule allows, as a part of the larger one. */
  apart: number
}
export type DuplicateNote = 'undated' | 'initial_values'
export type DuplicateCode = never
export type DuplicateSetting = 'likeness' | 'value' | 'days'

export const DUPLICATE_CONTRACT_WORDS: Readonly<
  Record<Language, Words<DuplicateFacts, DuplicateNote, DuplicateCode, DuplicateSetting>>
> = {
  en: {
    title: 'Duplicate contract',
    rule:
      'Same buyer and supplier, the same object up to spelling with the same numbers in it, value at signature ' +
      'within 1 %, signed within 31 days, overlapping terms; without dates object, supplier and value all ' +
      'equal, unless two or more prices of that purchase come again.',
    blindSpots: [
      'Duplicates through another company or another buyer are not seen.',
      'Objects reworded beyond half of their words are different objects.',
      'In a block of more than 200 similar rows each is compared with its 200 nearest only; blocks beyond 20,000 ' +
        'are read in slices.',
      'Two lawful purchases of one thing in one month look the same.',
    ],
    thresholds: {
      likeness: 'Jaccard likeness of the words, at least (0–1)',
      value: 'difference of the values as a share of the larger, at most',
      days: 'days between the signatures, at most',
    },
    report: {
      name: 'Contracts that look like one contract paid twice',
      meaning: 'The same buyer has contracts with the same supplier for the same thing, value and time.',
      law: 'Lei 4.320/1964, arts. 62 and 63 (payment only for what was delivered)',
      check: [
        'Put the contracts listed side by side: object, lot, process, term and value.',
        'Ask for both documents; a record entered twice is an error of the portal, two payments are not.',
      ],
    },
    finding: ({ n, buyer, supplier, currency, value, impact, dated, days, apart }, say) => ({
      title: `${say.number(n)} contracts of ${buyer} with ${supplier} look like one`,
      explanation:
        `${say.number(n)} contracts between ${buyer} and ${supplier} have the same object up to spelling with the ` +
        `same numbers in it, values within ${say.percent(apart)} of each other (${say.money(value, currency)})` +
        `${dated ? `, and were signed within ${say.number(days)} days for overlapping terms` : '; the file gives no dates to tell them apart'}. ` +
        `If they are one purchase, ${say.money(impact, currency)} may have been contracted twice.`,
    }),
    notes: {
      undated: () => 'no dates: object, supplier and value are all equal',
      initial_values: () => 'values at signature were compared: one of the contracts has changed since',
    },
    messages: {},
  },
  pt: {
    title: 'Contrato duplicado',
    rule:
      'Mesmo órgão e fornecedor, mesmo objeto a menos da grafia e com os mesmos números, valor na assinatura a até ' +
      '1 %, assinados em até 31 dias, vigências que se sobrepõem; sem datas, objeto, fornecedor e valor ' +
      'iguais, a não ser que dois ou mais preços dessa compra se repitam.',
    blindSpots: [
      'Duplicações por outra empresa ou outro órgão não aparecem.',
      'Objetos reescritos em mais da metade das palavras são objetos diferentes.',
      'Num bloco de mais de 200 linhas parecidas cada uma é comparada só com as 200 mais próximas; blocos acima de ' +
        '20.000 são lidos em fatias.',
      'Duas compras lícitas da mesma coisa no mesmo mês parecem iguais.',
    ],
    thresholds: {
      likeness: 'semelhança de Jaccard das palavras, no mínimo (0–1)',
      value: 'diferença dos valores como parte do maior, no máximo',
      days: 'dias entre as assinaturas, no máximo',
    },
    report: {
      name: 'Contratos que parecem um só, pago duas vezes',
      meaning: 'O mesmo órgão tem contratos com o mesmo fornecedor para a mesma coisa, valor e época.',
      law: 'Lei 4.320/1964, arts. 62 e 63 (só se paga o que foi entregue)',
      check: [
        'Ponha os contratos listados lado a lado: objeto, lote, processo, vigência e valor.',
        'Peça os dois documentos; um registro lançado duas vezes é erro do portal, dois pagamentos não são.',
      ],
    },
    finding: ({ n, buyer, supplier, currency, value, impact, dated, days, apart }, say) => ({
      title: `${say.number(n)} contratos de ${buyer} com ${supplier} parecem um só`,
      explanation:
        `${say.number(n)} contratos entre ${buyer} e ${supplier} têm o mesmo objeto a menos da grafia, com os mesmos ` +
        `números, valores a até ${say.percent(apart)} um do outro (${say.money(value, currency)})` +
        `${dated ? `, e foram assinados em até ${say.number(days)} dias, com vigências que se sobrepõem` : '; o arquivo não traz datas que os distingam'}. ` +
        `Se forem uma só compra, ${say.money(impact, currency)} podem ter sido contratados duas vezes.`,
    }),
    notes: {
      undated: () => 'sem datas: objeto, fornecedor e valor são todos iguais',
      initial_values: () => 'compararam-se os valores na assinatura: um dos contratos mudou depois',
    },
    messages: {},
  },
  es: {
    title: 'Contrato duplicado',
    rule:
      'Mismo órgano y proveedor, mismo objeto salvo la grafía y con los mismos números, valor a la firma con hasta un ' +
      '1 % de diferencia, firmados en 31 días o menos, plazos que se solapan; sin fechas, objeto, proveedor ' +
      'y valor iguales, salvo que se repitan dos o más precios de esa compra.',
    blindSpots: [
      'No se ven duplicaciones a través de otra empresa u otro órgano.',
      'Objetos reescritos en más de la mitad de sus palabras son objetos distintos.',
      'En un bloque de más de 200 filas parecidas cada una se compara solo con sus 200 más próximas; los bloques de ' +
        'más de 20.000 se leen por partes.',
      'Dos compras lícitas de lo mismo en un mes parecen iguales.',
    ],
    thresholds: {
      likeness: 'semejanza de Jaccard de las palabras, como mínimo (0–1)',
      value: 'diferencia de los valores como parte del mayor, como máximo',
      days: 'días entre las firmas, como máximo',
    },
    report: {
      name: 'Contratos que parecen uno solo, pagado dos veces',
      meaning: 'El mismo órgano tiene contratos con el mismo proveedor por la misma cosa, valor y época.',
      law: 'Lei 4.320/1964, arts. 62 y 63 (solo se paga lo entregado)',
      check: [
        'Ponga los contratos listados uno junto a otro: objeto, lote, expediente, plazo y valor.',
        'Pida ambos documentos; un registro cargado dos veces es error del portal, dos pagos no lo son.',
      ],
    },
    finding: ({ n, buyer, supplier, currency, value, impact, dated, days, apart }, say) => ({
      title: `${say.number(n)} contratos de ${buyer} con ${supplier} parecen uno solo`,
      explanation:
        `${say.number(n)} contratos entre ${buyer} y ${supplier} tienen el mismo objeto salvo la grafía, con los ` +
        `mismos números, valores a menos de un ${say.percent(apart)} entre sí (${say.money(value, currency)})` +
        `${dated ? `, y se firmaron en ${say.number(days)} días o menos con plazos que se solapan` : '; el archivo no da fechas que los distingan'}. ` +
        `Si son una sola compra, ${say.money(impact, currency)} pueden haberse contratado dos veces.`,
    }),
    notes: {
      undated: () => 'sin fechas: objeto, proveedor y valor son todos iguales',
      initial_values: () => 'se compararon los valores a la firma: uno de los contratos cambió después',
    },
    messages: {},
  },
}
