import { type Area, entry } from '../entry.ts'

/** Sentences that all anomaly types share; each type's own stand in its descriptor. */
export const finding = {
  caution: {
    en: 'This is a red flag to look into, not a proof of wrongdoing.',
    pt: 'Isto é um sinal de alerta a verificar, não uma prova de irregularidade.',
    es: 'Esto es una señal de alerta que hay que verificar, no una prueba de irregularidad.',
  },
  lacks_buyer: {
    en: 'the data has no buyer',
    pt: 'os dados não têm órgão comprador',
    es: 'los datos no tienen órgano comprador',
  },
  lacks_supplier: {
    en: 'the data has no supplier',
    pt: 'os dados não têm fornecedor',
    es: 'los datos no tienen proveedor',
  },
  lacks_value: {
    en: 'the data has no contract value',
    pt: 'os dados não têm valor do contrato',
    es: 'los datos no tienen valor del contrato',
  },
  lacks_object: {
    en: 'the data has no object of the contract',
    pt: 'os dados não têm objeto do contrato',
    es: 'los datos no tienen objeto del contrato',
  },
  lacks_dates: {
    en: 'the data has neither signature nor start dates',
    pt: 'os dados não têm data de assinatura nem de início',
    es: 'los datos no tienen fecha de firma ni de inicio',
  },
  lacks_waiver: {
    en: 'the data has neither modality nor legal basis',
    pt: 'os dados não têm modalidade nem fundamento legal',
    es: 'los datos no tienen modalidad ni fundamento legal',
  },
  lacks_unit_price: {
    en: 'the data has no unit price',
    pt: 'os dados não têm preço unitário',
    es: 'los datos no tienen precio unitario',
  },
  lacks_contracts: {
    en: 'the data has payments and nothing of their contracts: equal ones are told from instalments by no term',
    pt: 'os dados têm pagamentos e nada de seus contratos: nenhum prazo distingue os iguais de parcelas',
    es: 'los datos tienen pagos y nada de sus contratos: ningún plazo distingue los iguales de cuotas',
  },
  lacks_identity: {
    en: 'the data has neither numbers nor dates: two equal contracts are not told from one that is listed twice',
    pt: 'os dados não têm números nem datas: dois contratos iguais não se distinguem de um listado duas vezes',
    es: 'los datos no tienen números ni fechas: dos contratos iguales no se distinguen de uno listado dos veces',
  },
  lacks_price_basis: {
    en: 'the data has neither a reference price nor an item, code, object or category to compare unit prices by',
    pt: 'os dados não têm preço de referência, nem item, código, objeto ou categoria para comparar preços unitários',
    es: 'los datos no tienen precio de referencia, ni artículo, código, objeto o categoría para comparar precios unitarios',
  },
  lacks_final_value: {
    en: 'the data has no final value',
    pt: 'os dados não têm valor final',
    es: 'los datos no tienen valor final',
  },
  lacks_initial_value: {
    en: 'the data has no initial value',
    pt: 'os dados não têm valor inicial',
    es: 'los datos no tienen valor inicial',
  },
  lacks_reais: {
    en: 'the data has no amounts in BRL, and the limits of this rule are Brazilian',
    pt: 'os dados não têm valores em BRL, e os limites desta regra são brasileiros',
    es: 'los datos no tienen importes en BRL, y los límites de esta regla son brasileños',
  },
  several_currencies: entry<{ currencies: readonly { currency: string; contracts: number }[] }>({
    en: ({ currencies }, { all, count }) =>
      `The data has amounts in ${all(currencies.map((one) => `${one.currency} (${count(one.contracts, 'contract', 'contracts')})`))}: they are never added or compared, and Brazilian limits apply to BRL only`,
    pt: ({ currencies }, { all, count }) =>
      `Os dados têm valores em ${all(currencies.map((one) => `${one.currency} (${count(one.contracts, 'contrato', 'contratos')})`))}: nunca são somados nem comparados, e os limites brasileiros valem só para BRL`,
    es: ({ currencies }, { all, count }) =>
      `Los datos tienen importes en ${all(currencies.map((one) => `${one.currency} (${count(one.contracts, 'contrato', 'contratos')})`))}: nunca se suman ni comparan, y los límites brasileños valen solo para BRL`,
  }),
  one_body: entry<{ buyer: string }>({
    en: ({ buyer }) => `The data names no buyer: all of it is taken as one body's, ${buyer}`,
    pt: ({ buyer }) => `Os dados não trazem órgão comprador: são tomados todos como de um só, ${buyer}`,
    es: ({ buyer }) => `Los datos no nombran órgano comprador: se toman todos como de uno solo, ${buyer}`,
  }),
} as const satisfies Area
