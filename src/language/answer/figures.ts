import { entry } from '../entry.ts'
import type { Language } from '../language.ts'

/** An amount with the number of contracts that it is made of. */
type Amount = {
  readonly amount: number
  readonly currency: string
  readonly contracts: number
}

const UNKNOWN: Readonly<Record<Language, string>> = {
  en: 'currency unknown',
  pt: 'moeda desconhecida',
  es: 'moneda desconocida',
}
/** Writes a currency's code; `XXX` is ISO 4217's for "no currency". */
const code = (currency: string, language: Language): string =>
  currency === 'XXX' ? UNKNOWN[language] : currency

/** The figures of answers about data; names in them are Markdown already. */
export const figures = {
  contracts: entry<{ count: number; unvalued: number }>({
    en: ({ count, unvalued }, { number }) =>
      `**${number(count)} ${count === 1 ? 'contract' : 'contracts'}**${unvalued > 0 ? `, ${number(unvalued)} of them without a value` : ''}.`,
    pt: ({ count, unvalued }, { number }) =>
      `**${number(count)} ${count === 1 ? 'contrato' : 'contratos'}**${unvalued > 0 ? `, ${number(unvalued)} sem valor` : ''}.`,
    es: ({ count, unvalued }, { number }) =>
      `**${number(count)} ${count === 1 ? 'contrato' : 'contratos'}**${unvalued > 0 ? `, ${number(unvalued)} sin valor` : ''}.`,
  }),
  different: entry<{ count: number; of: string; contracts: number }>({
    en: ({ count, of, contracts }, { number, count: counted }) =>
      `**${number(count)}** different ${{ suppliers: 'suppliers', buyers: 'public bodies', units: 'units', categories: 'categories' }[of]}, in ${counted(contracts, 'contract', 'contracts')}.`,
    pt: ({ count, of, contracts }, { number, count: counted }) =>
      `**${number(count)}** ${{ suppliers: 'fornecedores diferentes', buyers: 'órgãos diferentes', units: 'unidades diferentes', categories: 'categorias diferentes' }[of]}, em ${counted(contracts, 'contrato', 'contratos')}.`,
    es: ({ count, of, contracts }, { number, count: counted }) =>
      `**${number(count)}** ${{ suppliers: 'proveedores diferentes', buyers: 'organismos diferentes', units: 'unidades diferentes', categories: 'categorías diferentes' }[of]}, en ${counted(contracts, 'contrato', 'contratos')}.`,
  }),
  sum: entry<Amount>({
    en: ({ amount, currency, contracts }, { money, number }) =>
      `Total: **${money(amount, currency)}** (${code(currency, 'en')}), the sum of ${number(contracts)} ${contracts === 1 ? 'contract' : 'contracts'} with a value.`,
    pt: ({ amount, currency, contracts }, { money, number }) =>
      `Total: **${money(amount, currency)}** (${code(currency, 'pt')}), soma de ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} com valor.`,
    es: ({ amount, currency, contracts }, { money, number }) =>
      `Total: **${money(amount, currency)}** (${code(currency, 'es')}), suma de ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} con valor.`,
  }),
  mean: entry<Amount>({
    en: ({ amount, currency, contracts }, { money, number }) =>
      `Mean per contract: **${money(amount, currency)}** (${code(currency, 'en')}), over ${number(contracts)} ${contracts === 1 ? 'contract' : 'contracts'} with a value.`,
    pt: ({ amount, currency, contracts }, { money, number }) =>
      `Média por contrato: **${money(amount, currency)}** (${code(currency, 'pt')}), sobre ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} com valor.`,
    es: ({ amount, currency, contracts }, { money, number }) =>
      `Media por contrato: **${money(amount, currency)}** (${code(currency, 'es')}), sobre ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} con valor.`,
  }),
  lengths: entry<{ contracts: number; mean: number; median: number; longest: number; shortest: number }>({
    en: ({ contracts, mean, median, longest, shortest }, { number }) =>
      `Mean length: **${number(mean, 1)} days**, from start to end, over ${number(contracts)} ${contracts === 1 ? 'contract' : 'contracts'} with an end. Median: ${number(median, 1)}; longest: ${number(longest)}; shortest: ${number(shortest)}.`,
    pt: ({ contracts, mean, median, longest, shortest }, { number }) =>
      `Duração média: **${number(mean, 1)} dias**, do início ao término, sobre ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} com término. Mediana: ${number(median, 1)}; mais longa: ${number(longest)}; mais curta: ${number(shortest)}.`,
    es: ({ contracts, mean, median, longest, shortest }, { number }) =>
      `Duración media: **${number(mean, 1)} días**, del inicio al fin, sobre ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} con fin. Mediana: ${number(median, 1)}; más larga: ${number(longest)}; más corta: ${number(shortest)}.`,
  }),
  none_grew: {
    en: '**None** of them grew or fell as much as that.',
    pt: '**Nenhum** deles cresceu ou caiu tanto assim.',
    es: '**Ninguno** de ellos creció o cayó tanto.',
  },
  no_lengths: {
    en: 'None of these contracts has an end in the data.',
    pt: 'Nenhum desses contratos tem término nos dados.',
    es: 'Ninguno de estos contratos tiene fin en los datos.',
  },
  endless: entry<{ count: number }>({
    en: ({ count }, { number }) => `Without an end in the data: ${number(count)}.`,
    pt: ({ count }, { number }) => `Sem término nos dados: ${number(count)}.`,
    es: ({ count }, { number }) => `Sin fin en los datos: ${number(count)}.`,
  }),
  count_per: entry<{ contracts: number; groups: number; filled: number }>({
    en: ({ contracts, groups, filled }, { number, count }) =>
      `Mean: **${number(contracts / groups, 2)} contracts** each, over ${number(groups)}${filled < groups ? `, ${number(groups - filled)} of them without a contract` : ''}. In all: ${count(contracts, 'contract', 'contracts')}.`,
    pt: ({ contracts, groups, filled }, { number, count }) =>
      `Média: **${number(contracts / groups, 2)} contratos** em cada, sobre ${number(groups)}${filled < groups ? `, ${number(groups - filled)} sem contrato` : ''}. Ao todo: ${count(contracts, 'contrato', 'contratos')}.`,
    es: ({ contracts, groups, filled }, { number, count }) =>
      `Media: **${number(contracts / groups, 2)} contratos** en cada uno, sobre ${number(groups)}${filled < groups ? `, ${number(groups - filled)} sin contrato` : ''}. En total: ${count(contracts, 'contrato', 'contratos')}.`,
  }),
  mean_per: entry<{ amount: number; currency: string; groups: number; filled: number; contracts: number }>({
    en: ({ amount, currency, groups, filled, contracts }, { money, number }) =>
      `Mean: **${money(amount / groups, currency)}** (${code(currency, 'en')}) and ${number(contracts / groups, 2)} contracts each, over ${number(groups)}${filled < groups ? `, ${number(groups - filled)} of them without a contract; over the other ${number(filled)}: ${money(amount / filled, currency)}` : ''}. Total: ${money(amount, currency)}.`,
    pt: ({ amount, currency, groups, filled, contracts }, { money, number }) =>
      `Média: **${money(amount / groups, currency)}** (${code(currency, 'pt')}) e ${number(contracts / groups, 2)} contratos em cada, sobre ${number(groups)}${filled < groups ? `, ${number(groups - filled)} sem contrato; sobre os outros ${number(filled)}: ${money(amount / filled, currency)}` : ''}. Total: ${money(amount, currency)}.`,
    es: ({ amount, currency, groups, filled, contracts }, { money, number }) =>
      `Media: **${money(amount / groups, currency)}** (${code(currency, 'es')}) y ${number(contracts / groups, 2)} contratos en cada uno, sobre ${number(groups)}${filled < groups ? `, ${number(groups - filled)} sin contrato; sobre los otros ${number(filled)}: ${money(amount / filled, currency)}` : ''}. Total: ${money(amount, currency)}.`,
  }),
  added: entry<{ amount: number; currency: string; grown: number; contracts: number }>({
    en: ({ amount, currency, grown, contracts }, { money, number }) =>
      `Added to the initial values: **${money(amount, currency)}** (${code(currency, 'en')}); ${number(grown)} of ${number(contracts)} contracts are above their initial value.`,
    pt: ({ amount, currency, grown, contracts }, { money, number }) =>
      `Acréscimo aos valores iniciais: **${money(amount, currency)}** (${code(currency, 'pt')}); ${number(grown)} de ${number(contracts)} contratos estão acima do valor inicial.`,
    es: ({ amount, currency, grown, contracts }, { money, number }) =>
      `Aumento sobre los valores iniciales: **${money(amount, currency)}** (${code(currency, 'es')}); ${number(grown)} de ${number(contracts)} contratos están por encima del valor inicial.`,
  }),
  no_initial: {
    en: 'This data has no initial values.',
    pt: 'Estes dados não têm valores iniciais.',
    es: 'Estos datos no tienen valores iniciales.',
  },
  differs: entry<{ amount: number; currency: string }>({
    en: ({ amount, currency }, { money }) => `Difference: ${money(amount, currency)}.`,
    pt: ({ amount, currency }, { money }) => `Diferença: ${money(amount, currency)}.`,
    es: ({ amount, currency }, { money }) => `Diferencia: ${money(amount, currency)}.`,
  }),
  median: entry<Amount>({
    en: ({ amount, currency, contracts }, { money, number }) =>
      `Median: **${money(amount, currency)}** (${code(currency, 'en')}), over ${number(contracts)} ${contracts === 1 ? 'contract' : 'contracts'} with a value.`,
    pt: ({ amount, currency, contracts }, { money, number }) =>
      `Mediana: **${money(amount, currency)}** (${code(currency, 'pt')}), sobre ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} com valor.`,
    es: ({ amount, currency, contracts }, { money, number }) =>
      `Mediana: **${money(amount, currency)}** (${code(currency, 'es')}), sobre ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'} con valor.`,
  }),
  spread: entry<{ mean: number; median: number; largest: number; smallest: number; currency: string }>({
    en: ({ mean, median, largest, smallest, currency }, { money }) =>
      `Mean: ${money(mean, currency)}; median: ${money(median, currency)}; largest: ${money(largest, currency)}; smallest: ${money(smallest, currency)}.`,
    pt: ({ mean, median, largest, smallest, currency }, { money }) =>
      `Média: ${money(mean, currency)}; mediana: ${money(median, currency)}; maior: ${money(largest, currency)}; menor: ${money(smallest, currency)}.`,
    es: ({ mean, median, largest, smallest, currency }, { money }) =>
      `Media: ${money(mean, currency)}; mediana: ${money(median, currency)}; mayor: ${money(largest, currency)}; menor: ${money(smallest, currency)}.`,
  }),
  share: entry<{
    part: number
    amount: number
    whole: number
    currency: string
    contracts: number
    all: number
  }>({
    en: ({ part, amount, whole, currency, contracts, all }, { percent, money, number }) =>
      `**${percent(part, 2)}** of the value: ${money(amount, currency)} of ${money(whole, currency)} (${code(currency, 'en')}), in ${number(contracts)} of ${number(all)} contracts with a value (${percent(all > 0 ? contracts / all : 0, 2)} of the number).`,
    pt: ({ part, amount, whole, currency, contracts, all }, { percent, money, number }) =>
      `**${percent(part, 2)}** do valor: ${money(amount, currency)} de ${money(whole, currency)} (${code(currency, 'pt')}), em ${number(contracts)} de ${number(all)} contratos com valor (${percent(all > 0 ? contracts / all : 0, 2)} do número).`,
    es: ({ part, amount, whole, currency, contracts, all }, { percent, money, number }) =>
      `**${percent(part, 2)}** del valor: ${money(amount, currency)} de ${money(whole, currency)} (${code(currency, 'es')}), en ${number(contracts)} de ${number(all)} contratos con valor (${percent(all > 0 ? contracts / all : 0, 2)} del número).`,
  }),
  parties: entry<{ buyers: number; suppliers: number }>({
    en: ({ buyers, suppliers }, { number }) =>
      `Public bodies: ${number(buyers)}; suppliers: ${number(suppliers)}.`,
    pt: ({ buyers, suppliers }, { number }) =>
      `Órgãos: ${number(buyers)}; fornecedores: ${number(suppliers)}.`,
    es: ({ buyers, suppliers }, { number }) =>
      `Organismos: ${number(buyers)}; proveedores: ${number(suppliers)}.`,
  }),
  days: entry<{ from: string; to: string }>({
    en: ({ from, to }, { day }) => `From ${day(from)} to ${day(to)}.`,
    pt: ({ from, to }, { day }) => `De ${day(from)} a ${day(to)}.`,
    es: ({ from, to }, { day }) => `Del ${day(from)} al ${day(to)}.`,
  }),
  leads: entry<{ name: string; amount: number; currency: string; contracts: number }>({
    en: ({ name, amount, currency, contracts }, { money, number }) =>
      `**${name}**: **${money(amount, currency)}** in ${number(contracts)} ${contracts === 1 ? 'contract' : 'contracts'}.`,
    pt: ({ name, amount, currency, contracts }, { money, number }) =>
      `**${name}**: **${money(amount, currency)}** em ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'}.`,
    es: ({ name, amount, currency, contracts }, { money, number }) =>
      `**${name}**: **${money(amount, currency)}** en ${number(contracts)} ${contracts === 1 ? 'contrato' : 'contratos'}.`,
  }),
  all_groups: entry<{ groups: number; amount: number; currency: string; contracts: number }>({
    en: ({ groups, amount, currency, contracts }, { money, count }) =>
      `In all: ${count(groups, 'group', 'groups')}, ${money(amount, currency)} (${code(currency, 'en')}), ${count(contracts, 'contract', 'contracts')} with a value.`,
    pt: ({ groups, amount, currency, contracts }, { money, count }) =>
      `Ao todo: ${count(groups, 'grupo', 'grupos')}, ${money(amount, currency)} (${code(currency, 'pt')}), ${count(contracts, 'contrato', 'contratos')} com valor.`,
    es: ({ groups, amount, currency, contracts }, { money, count }) =>
      `En total: ${count(groups, 'grupo', 'grupos')}, ${money(amount, currency)} (${code(currency, 'es')}), ${count(contracts, 'contrato', 'contratos')} con valor.`,
  }),
  changed: entry<{ before: number; after: number; currency: string }>({
    en: ({ before, after, currency }, { money, percent }) =>
      `${after === before ? 'No change' : after > before ? 'Up' : 'Down'}: from ${money(before, currency)} to ${money(after, currency)}, **${money(after - before, currency)}**${before > 0 ? ` (${percent((after - before) / before, 1)})` : ''}.`,
    pt: ({ before, after, currency }, { money, percent }) =>
      `${after === before ? 'Sem mudança' : after > before ? 'Aumento' : 'Queda'}: de ${money(before, currency)} para ${money(after, currency)}, **${money(after - before, currency)}**${before > 0 ? ` (${percent((after - before) / before, 1)})` : ''}.`,
    es: ({ before, after, currency }, { money, percent }) =>
      `${after === before ? 'Sin cambio' : after > before ? 'Aumento' : 'Caída'}: de ${money(before, currency)} a ${money(after, currency)}, **${money(after - before, currency)}**${before > 0 ? ` (${percent((after - before) / before, 1)})` : ''}.`,
  }),
  times: entry<{ first: string; second: string; ratio: number }>({
    en: ({ first, second, ratio }, { number }) =>
      `**${first}** has ${number(ratio, 1)} times the value of **${second}**.`,
    pt: ({ first, second, ratio }, { number }) =>
      `**${first}** tem ${number(ratio, 1)} vezes o valor de **${second}**.`,
    es: ({ first, second, ratio }, { number }) =>
      `**${first}** tiene ${number(ratio, 1)} veces el valor de **${second}**.`,
  }),
  together: entry<{ amount: number; currency: string }>({
    en: ({ amount, currency }, { money }) => `Together: ${money(amount, currency)}.`,
    pt: ({ amount, currency }, { money }) => `Juntos: ${money(amount, currency)}.`,
    es: ({ amount, currency }, { money }) => `Juntos: ${money(amount, currency)}.`,
  }),
  shown: entry<{ shown: number; of: number }>({
    en: ({ shown, of }, { number }) => `Showing ${number(shown)} of ${number(of)}.`,
    pt: ({ shown, of }, { number }) => `Mostro ${number(shown)} de ${number(of)}.`,
    es: ({ shown, of }, { number }) => `Muestro ${number(shown)} de ${number(of)}.`,
  }),
  rests_on: {
    en: 'The largest contracts that it rests on:',
    pt: 'Os maiores contratos em que se apoia:',
    es: 'Los mayores contratos en que se apoya:',
  },
  partners: entry<{ kind: string }>({
    en: ({ kind }) => (kind === 'suppliers' ? 'Who contracts it most:' : 'Its largest suppliers:'),
    pt: ({ kind }) => (kind === 'suppliers' ? 'Quem mais o contrata:' : 'Seus maiores fornecedores:'),
    es: ({ kind }) => (kind === 'suppliers' ? 'Quién más lo contrata:' : 'Sus mayores proveedores:'),
  }),
  links: entry<{ page: string; api: string }>({
    en: ({ page, api }) => `Rows: [${page}](${page}) · API: \`${api}\``,
    pt: ({ page, api }) => `Linhas: [${page}](${page}) · API: \`${api}\``,
    es: ({ page, api }) => `Filas: [${page}](${page}) · API: \`${api}\``,
  }),
  no_contracts: {
    en: '**No contract** corresponds to this.',
    pt: '**Nenhum contrato** corresponde a isso.',
    es: '**Ningún contrato** corresponde a eso.',
  },
  span: entry<{ from: string; to: string; contracts: number }>({
    en: ({ from, to, contracts }, { day, count }) =>
      `The data has ${count(contracts, 'contract', 'contracts')}, from ${day(from)} to ${day(to)}.`,
    pt: ({ from, to, contracts }, { day, count }) =>
      `Os dados têm ${count(contracts, 'contrato', 'contratos')}, de ${day(from)} a ${day(to)}.`,
    es: ({ from, to, contracts }, { day, count }) =>
      `Los datos tienen ${count(contracts, 'contrato', 'contratos')}, del ${day(from)} al ${day(to)}.`,
  }),
  largest_there: entry<{ amount: number; currency: string }>({
    en: ({ amount, currency }, { money }) => `The largest value there is ${money(amount, currency)}.`,
    pt: ({ amount, currency }, { money }) => `O maior valor que há é ${money(amount, currency)}.`,
    es: ({ amount, currency }, { money }) => `El mayor valor que hay es ${money(amount, currency)}.`,
  }),
  not_there: entry<{ field: string; text: string; near: readonly string[] }>({
    en: ({ field, text, near }) =>
      `${{ buyer: `No public body of this data is called “${text}”.`, supplier: `I did not find the supplier “${text}” in this data.`, status: `This data has no status “${text}”.`, topic: `“${text}” is in no object, item or category of this data.`, modality: `This data has no procedure “${text}”.`, category: `This data has no category “${text}”.` }[field]}${near.length > 0 ? ` Names there are: ${near.map((name) => `“${name}”`).join(', ')}.` : ''}`,
    pt: ({ field, text, near }) =>
      `${{ buyer: `Nenhum órgão destes dados se chama “${text}”.`, supplier: `Não encontrei o fornecedor “${text}” nestes dados.`, status: `Estes dados não têm a situação “${text}”.`, topic: `“${text}” não está em nenhum objeto, item ou categoria destes dados.`, modality: `Estes dados não têm a modalidade “${text}”.`, category: `Estes dados não têm a categoria “${text}”.` }[field]}${near.length > 0 ? ` Nomes que há: ${near.map((name) => `“${name}”`).join(', ')}.` : ''}`,
    es: ({ field, text, near }) =>
      `${{ buyer: `Ningún organismo de estos datos se llama “${text}”.`, supplier: `No encontré el proveedor “${text}” en estos datos.`, status: `Estos datos no tienen el estado “${text}”.`, topic: `“${text}” no está en ningún objeto, ítem o categoría de estos datos.`, modality: `Estos datos no tienen el procedimiento “${text}”.`, category: `Estos datos no tienen la categoría “${text}”.` }[field]}${near.length > 0 ? ` Nombres que hay: ${near.map((name) => `“${name}”`).join(', ')}.` : ''}`,
  }),
  several: entry<{ names: readonly string[] }>({
    en: ({ names }, { all }) => `Several names fit: ${all(names)}; all are counted.`,
    pt: ({ names }, { all }) => `Vários nomes cabem: ${all(names)}; todos contam.`,
    es: ({ names }, { all }) => `Varios nombres encajan: ${all(names)}; todos cuentan.`,
  }),
  only: entry<{ count: number }>({
    en: ({ count }, { number }) => `The list has only ${number(count)}.`,
    pt: ({ count }, { number }) => `A lista tem só ${number(count)}.`,
    es: ({ count }, { number }) => `La lista tiene solo ${number(count)}.`,
  }),
  left_out: entry<{ merged: number; commitments: number }>({
    en: ({ merged, commitments }, { count }) =>
      [
        merged > 0 &&
          `In this data ${count(merged, 'row is a further item of a contract and counts', 'rows are further items of a contract and count')} with it.`,
        commitments > 0 &&
          `${count(commitments, 'budget commitment, whose contract is in the data too, is', 'budget commitments, whose contract is in the data too, are')} not counted again.`,
      ]
        .filter(Boolean)
        .join(' '),
    pt: ({ merged, commitments }, { count }) =>
      [
        merged > 0 &&
          `Nestes dados ${count(merged, 'linha é outro item de um contrato e conta', 'linhas são outros itens de um contrato e contam')} com ele.`,
        commitments > 0 &&
          `${count(commitments, 'empenho, cujo contrato também está nos dados, não conta', 'empenhos, cujo contrato também está nos dados, não contam')} de novo.`,
      ]
        .filter(Boolean)
        .join(' '),
    es: ({ merged, commitments }, { count }) =>
      [
        merged > 0 &&
          `En estos datos ${count(merged, 'fila es otro ítem de un contrato y cuenta', 'filas son otros ítems de un contrato y cuentan')} con él.`,
        commitments > 0 &&
          `${count(commitments, 'compromiso de gasto, cuyo contrato también está en los datos, no cuenta', 'compromisos de gasto, cuyo contrato también está en los datos, no cuentan')} de nuevo.`,
      ]
        .filter(Boolean)
        .join(' '),
  }),
  end_of_list: {
    en: 'That is all: this list has no more to show.',
    pt: 'Isso é tudo: não há mais o que mostrar nesta lista.',
    es: 'Eso es todo: no hay más que mostrar en esta lista.',
  },
  unvalued_rest: entry<{ count: number }>({
    en: ({ count }, { number }) =>
      `${number(count)} ${count === 1 ? 'contract has' : 'contracts have'} no value and ${count === 1 ? 'is' : 'are'} not in the sum.`,
    pt: ({ count }, { number }) =>
      `${number(count)} ${count === 1 ? 'contrato não tem valor e não entra' : 'contratos não têm valor e não entram'} na soma.`,
    es: ({ count }, { number }) =>
      `${number(count)} ${count === 1 ? 'contrato no tiene valor y no entra' : 'contratos no tienen valor y no entran'} en la suma.`,
  }),
}
