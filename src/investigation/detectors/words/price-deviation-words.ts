import type { Format } from '../../../language/format.ts'
import type { Language } from '../../../language/language.ts'
import type { Words } from '../../detector.ts'

/** Facts of an outlying unit price; prices in `currency`. */
export type PriceFacts = {
  /** The description of the item, cut to 80 characters. */
  thing: string
  currency: string
  paid: number
  /** The reference price, or the median of the group. */
  base: number
  ratio: number
  quantity: number | null
  impact: number | null
  /** The group's figures; null where the price is compared with its own row's reference. */
  group: { n: number; z: number; unit_stated: boolean } | null
}
export type PriceNote =
  | 'no_quantity'
  | 'far_over_reference'
  | 'unit_not_stated'
  | 'named_broadly'
  | 'mean_spread'
export type PriceCode = never
export type PriceSetting =
  | 'reference_rise'
  | 'z'
  | 'median_ratio'
  | 'group_rows'
  | 'group_purchases'
  | 'middle_ratio'

const figures = ({ paid, base, ratio, impact, currency }: PriceFacts, say: Format) => ({
  price: say.money(paid, currency),
  usual: say.money(base, currency),
  rise: say.percent(ratio - 1),
  times: say.number(Math.round(ratio * 10) / 10),
  stake: impact === null ? null : say.money(impact, currency),
})

export const PRICE_DEVIATION_WORDS: Readonly<
  Record<Language, Words<PriceFacts, PriceNote, PriceCode, PriceSetting>>
> = {
  en: {
    title: 'Price deviation',
    rule:
      'A unit price from 10 % over its reference price; or, among at least 8 purchases of the same item in the same unit ' +
      'of measure, a modified z-score above 3.5 on logarithms and at least 1.5 times the median. Where the file names no ' +
      'item, its code, object or category stands for it; by object or category only where the middle half of the prices ' +
      'lies within a factor of 4.',
    blindSpots: [
      'A reference price that was inflated itself hides an overprice.',
      'Groups mix years and places: inflation and freight are not taken out.',
      'Without a unit of measure, in its column or in the description, a finding is never above low.',
      'Services without a countable measure and generic codes are never a group.',
    ],
    thresholds: {
      reference_rise: 'rise over the reference price from which it is told (0.1 = 10 %)',
      z: 'modified z-score on logarithms that must be passed',
      median_ratio: 'times the median of the group, at least',
      group_rows: 'rows of a comparable group, at least',
      group_purchases: 'purchases from which they come, at least',
      middle_ratio: 'factor within which the middle half of a group named by object or category must lie',
    },
    report: {
      name: 'Price far from its reference',
      meaning:
        'A unit price stands well above a reference price, or above what others paid for the same item.',
      law: 'Lei 14.133/2021, arts. 23 and 59 III (contracts in reais)',
      check: [
        'Open the contracts listed and confirm unit price, quantity and unit of measure: a box is not a piece.',
        'Divide the price paid by the reference or by the median given here; the ratio must be the one shown.',
        'Ask the buyer for the price research in the file of the purchase.',
      ],
    },
    finding(f, say) {
      const { price, usual, rise, times, stake } = figures(f, say)
      if (f.group === null)
        return {
          title: `Unit price ${rise} over its reference price: ${f.thing}`,
          explanation:
            `The unit price paid is ${price}; the reference price of the same row is ${usual}. ` +
            `${stake === null ? 'The row states no quantity.' : `Over the quantity of ${say.number(f.quantity ?? 0)} the difference is ${stake}.`}` +
            `${f.currency === 'BRL' ? ' Lei 14.133/2021 (arts. 23 and 59 III) asks that prices paid stand in line with the estimate.' : ''}`,
        }
      return {
        title: `Unit price ${times} times the median of the same item: ${f.thing}`,
        explanation:
          `The unit price paid is ${price}; the median of ${say.number(f.group.n)} purchases of the same item` +
          `${f.group.unit_stated ? ' in the same unit' : ', of which the file does not state the unit,'} is ${usual}. Its ` +
          `modified z-score on logarithms is ${say.number(f.group.z, 1)}; above 3.5 counts as an outlier (Iglewicz and ` +
          `Hoaglin, 1993).${stake === null ? '' : ` At the median the purchase would have cost ${stake} less.`}`,
      }
    },
    notes: {
      no_quantity: () => 'quantity not stated: the amount at stake cannot be computed',
      far_over_reference: () => 'more than ten times the reference: the two may be for different units',
      unit_not_stated: () => 'unit not stated',
      named_broadly: () =>
        'the file names no item: purchases of the same object or category were compared, whose prices lie close together',
      mean_spread: () => 'MAD is 0: mean absolute deviation × 1.2533 was used',
    },
    messages: {},
  },
  pt: {
    title: 'Desvio de preço',
    rule:
      'Um preço unitário a partir de 10 % acima do preço de referência; ou, entre pelo menos 8 compras do mesmo item na mesma ' +
      'unidade de medida, um z modificado acima de 3,5 sobre logaritmos e pelo menos 1,5 vez a mediana. Onde o arquivo não ' +
      'traz item, valem seu código, o objeto ou a categoria; por objeto ou categoria só se a metade central dos preços ' +
      'couber num fator 4.',
    blindSpots: [
      'Um preço de referência já inflado esconde o sobrepreço.',
      'Os grupos misturam anos e lugares: inflação e frete não são descontados.',
      'Sem unidade de medida, na coluna ou na descrição, a gravidade nunca passa de baixa.',
      'Serviços sem medida contável e códigos genéricos nunca formam grupo.',
    ],
    thresholds: {
      reference_rise: 'alta sobre o preço de referência a partir da qual se avisa (0.1 = 10 %)',
      z: 'z modificado sobre logaritmos que deve ser ultrapassado',
      median_ratio: 'vezes a mediana do grupo, no mínimo',
      group_rows: 'linhas de um grupo comparável, no mínimo',
      group_purchases: 'compras de que elas vêm, no mínimo',
      middle_ratio: 'fator em que deve caber a metade central de um grupo por objeto ou categoria',
    },
    report: {
      name: 'Preço longe da referência',
      meaning:
        'Um preço unitário está bem acima do preço de referência, ou do que outros pagaram pelo mesmo item.',
      law: 'Lei 14.133/2021, arts. 23 e 59, III (contratos em reais)',
      check: [
        'Abra os contratos listados e confirme preço unitário, quantidade e unidade de medida: caixa não é peça.',
        'Divida o preço pago pela referência ou pela mediana dada aqui; a razão deve ser a indicada.',
        'Peça ao órgão a pesquisa de preços do processo de compra.',
      ],
    },
    finding(f, say) {
      const { price, usual, rise, times, stake } = figures(f, say)
      if (f.group === null)
        return {
          title: `Preço unitário ${rise} acima do preço de referência: ${f.thing}`,
          explanation:
            `O preço unitário pago é ${price}; o preço de referência da mesma linha é ${usual}. ` +
            `${stake === null ? 'A linha não informa quantidade.' : `Na quantidade de ${say.number(f.quantity ?? 0)} a diferença é de ${stake}.`}` +
            `${f.currency === 'BRL' ? ' A Lei 14.133/2021 (arts. 23 e 59, III) pede que os preços pagos acompanhem a estimativa.' : ''}`,
        }
      return {
        title: `Preço unitário ${times} vezes a mediana do mesmo item: ${f.thing}`,
        explanation:
          `O preço unitário pago é ${price}; a mediana de ${say.number(f.group.n)} compras do mesmo item` +
          `${f.group.unit_stated ? ' na mesma unidade' : ', cuja unidade o arquivo não informa,'} é ${usual}. Seu z modificado ` +
          `sobre logaritmos é ${say.number(f.group.z, 1)}; acima de 3,5 é discrepante (Iglewicz e Hoaglin, 1993).` +
          `${stake === null ? '' : ` Pela mediana a compra teria custado ${stake} a menos.`}`,
      }
    },
    notes: {
      no_quantity: () => 'quantidade não informada: o valor em jogo não pode ser calculado',
      far_over_reference: () => 'mais de dez vezes a referência: os dois podem ser de unidades diferentes',
      unit_not_stated: () => 'unidade não informada',
      named_broadly: () =>
        'o arquivo não traz item: compararam-se compras do mesmo objeto ou categoria, de preços próximos',
      mean_spread: () => 'o MAD é 0: usou-se o desvio absoluto médio × 1,2533',
    },
    messages: {},
  },
  es: {
    title: 'Desviación de precio',
    rule:
      'Un precio unitario desde un 10 % por encima de su precio de referencia; o, entre al menos 8 compras del mismo artículo ' +
      'en la misma unidad de medida, un z modificado superior a 3,5 sobre logaritmos y al menos 1,5 veces la mediana. Donde ' +
      'el archivo no nombra el artículo valen su código, el objeto o la categoría; por objeto o categoría solo si la mitad ' +
      'central de los precios cabe en un factor de 4.',
    blindSpots: [
      'Un precio de referencia ya inflado esconde el sobreprecio.',
      'Los grupos mezclan años y lugares: no se descuentan inflación ni transporte.',
      'Sin unidad de medida, en su columna o en la descripción, la gravedad nunca pasa de baja.',
      'Servicios sin medida contable y códigos genéricos nunca forman grupo.',
    ],
    thresholds: {
      reference_rise: 'alza sobre el precio de referencia desde la que se avisa (0.1 = 10 %)',
      z: 'z modificado sobre logaritmos que debe superarse',
      median_ratio: 'veces la mediana del grupo, como mínimo',
      group_rows: 'filas de un grupo comparable, como mínimo',
      group_purchases: 'compras de las que proceden, como mínimo',
      middle_ratio: 'factor en que debe caber la mitad central de un grupo por objeto o categoría',
    },
    report: {
      name: 'Precio lejos de su referencia',
      meaning:
        'Un precio unitario está muy por encima de un precio de referencia, o de lo que otros pagaron por el mismo artículo.',
      law: 'Lei 14.133/2021, arts. 23 y 59 III (contratos en reales)',
      check: [
        'Abra los contratos listados y confirme precio unitario, cantidad y unidad de medida: una caja no es una pieza.',
        'Divida el precio pagado por la referencia o por la mediana dada aquí; la razón debe ser la indicada.',
        'Pida al órgano el estudio de precios del expediente de compra.',
      ],
    },
    finding(f, say) {
      const { price, usual, rise, times, stake } = figures(f, say)
      if (f.group === null)
        return {
          title: `Precio unitario un ${rise} por encima de su precio de referencia: ${f.thing}`,
          explanation:
            `El precio unitario pagado es ${price}; el precio de referencia de la misma fila es ${usual}. ` +
            `${stake === null ? 'La fila no indica cantidad.' : `En la cantidad de ${say.number(f.quantity ?? 0)} la diferencia es de ${stake}.`}` +
            `${f.currency === 'BRL' ? ' La Lei 14.133/2021 (arts. 23 y 59 III) pide que los precios pagados sigan la estimación.' : ''}`,
        }
      return {
        title: `Precio unitario ${times} veces la mediana del mismo artículo: ${f.thing}`,
        explanation:
          `El precio unitario pagado es ${price}; la mediana de ${say.number(f.group.n)} compras del mismo artículo` +
          `${f.group.unit_stated ? ' en la misma unidad' : ', cuya unidad el archivo no indica,'} es ${usual}. Su z modificado ` +
          `sobre logaritmos es ${say.number(f.group.z, 1)}; por encima de 3,5 es atípico (Iglewicz y Hoaglin, 1993).` +
          `${stake === null ? '' : ` A la mediana la compra habría costado ${stake} menos.`}`,
      }
    },
    notes: {
      no_quantity: () => 'cantidad no indicada: no puede calcularse el importe en juego',
      far_over_reference: () => 'más de diez veces la referencia: pueden ser de unidades distintas',
      unit_not_stated: () => 'unidad no indicada',
      named_broadly: () =>
        'el archivo no nombra el artículo: se compararon compras del mismo objeto o categoría, de precios próximos',
      mean_spread: () => 'el MAD es 0: se usó la desviación absoluta media × 1,2533',
    },
    messages: {},
  },
}
