import type { Severity } from '../../protocol/investigation.ts'
import { entry } from '../entry.ts'
import {
  type Bounds,
  type Days,
  ended,
  GROUPS,
  HAVING,
  type HavingWhat,
  ORDERS,
  ranged,
  SEVERITIES,
  type What,
  what,
} from './plan-words.ts'

/** How a question was understood, as every answer about data begins. */
export const understanding = {
  line: entry<{ what: string; dataset: string; synthetic: boolean; filters: string; period: string }>({
    en: ({ what, dataset, synthetic, filters, period }) =>
      `I understood: ${what}. Data: **${dataset}**${synthetic ? ' (synthetic, made up)' : ''}. Filters: ${filters}. Period: ${period}.`,
    pt: ({ what, dataset, synthetic, filters, period }) =>
      `Entendi: ${what}. Dados: **${dataset}**${synthetic ? ' (sintéticos, inventados)' : ''}. Filtros: ${filters}. Período: ${period}.`,
    es: ({ what, dataset, synthetic, filters, period }) =>
      `Entendí: ${what}. Datos: **${dataset}**${synthetic ? ' (sintéticos, inventados)' : ''}. Filtros: ${filters}. Período: ${period}.`,
  }),
  no_filters: { en: 'none', pt: 'nenhum', es: 'ninguno' },
  everything: { en: 'all contracts', pt: 'todos os contratos', es: 'todos los contratos' },
  whole_period: { en: 'all days of the file', pt: 'todo o arquivo', es: 'todo el archivo' },
  what: entry<What>({
    en: what('en', (asked, [one, several]) => {
      const { measure, by, limit, compares } = asked
      const things = limit === 1 ? one : limit ? `${limit} ${several}` : several
      if (compares && measure !== 'growth' && measure !== 'change') return 'contracts side by side'
      if (measure === 'count')
        return asked.per ? `mean number of contracts ${GROUPS.en[asked.per]}` : `number of ${several}`
      if (measure === 'sum')
        return one === 'finding' ? 'amount at stake in findings' : 'total value of contracts'
      if (measure === 'mean') return asked.per ? `mean ${GROUPS.en[asked.per]}` : 'mean value of contracts'
      if (measure === 'added') return 'what amendments added to the initial values'
      if (measure === 'duration') return 'mean length of contracts'
      if (measure === 'median') return 'median value of contracts'
      if (measure === 'share')
        return one === 'contract' ? 'share of the total value' : `share of the largest ${things}`
      if (one === 'contract' && asked.group && (measure === 'largest' || measure === 'smallest'))
        return `${measure} contract of each group,`
      if (measure === 'largest')
        return `largest ${things} by ${by === 'count' ? 'number of contracts' : 'value'}`
      if (measure === 'smallest')
        return `smallest ${things} by ${by === 'count' ? 'number of contracts' : 'value'}`
      if (measure === 'growth')
        return one === 'contract'
          ? 'growth of the value'
          : `${several} that ${asked.falls ? 'fell' : 'grew'} most`
      if (measure === 'change') return 'change of the value between two periods'
      if (measure === 'summary') return `summary of ${several}`
      return `list of ${several}${by && by in ORDERS.en ? ` ${ORDERS.en[by]}` : by === 'count' ? ' by number of contracts' : ''}`
    }),
    pt: what('pt', (asked, [one, several], feminine) => {
      const { measure, by, limit, compares } = asked
      const things = limit === 1 ? one : limit ? `${limit} ${several}` : several
      const how = by === 'count' ? 'número de contratos' : 'valor'
      if (compares && measure !== 'growth' && measure !== 'change') return 'contratos lado a lado'
      if (measure === 'count')
        return asked.per ? `número médio de contratos ${GROUPS.pt[asked.per]}` : `número de ${several}`
      if (measure === 'sum')
        return one === 'achado' ? 'valor em jogo nos achados' : 'valor total dos contratos'
      if (measure === 'mean') return asked.per ? `média ${GROUPS.pt[asked.per]}` : 'valor médio dos contratos'
      if (measure === 'added') return 'acréscimo aos valores iniciais'
      if (measure === 'duration') return 'duração média dos contratos'
      if (measure === 'median') return 'valor mediano dos contratos'
      if (measure === 'share')
        return one === 'contrato'
          ? 'parte do valor total'
          : `parte ${feminine ? 'das' : 'dos'} ${limit ?? ''} maiores ${several}`.replace('  ', ' ')
      if (one === 'contrato' && asked.group && (measure === 'largest' || measure === 'smallest'))
        return `${measure === 'largest' ? 'maior' : 'menor'} contrato de cada grupo,`
      if (measure === 'largest') return `${limit === 1 ? 'maior' : 'maiores'} ${things} por ${how}`
      if (measure === 'smallest') return `${limit === 1 ? 'menor' : 'menores'} ${things} por ${how}`
      if (measure === 'growth')
        return one === 'contrato'
          ? 'crescimento do valor'
          : `${several} que mais ${asked.falls ? 'caíram' : 'cresceram'}`
      if (measure === 'change') return 'variação do valor entre dois períodos'
      if (measure === 'summary') return `resumo de ${several}`
      return `lista de ${several}${by && by in ORDERS.pt ? ` ${ORDERS.pt[by]}` : by === 'count' ? ' por número de contratos' : ''}`
    }),
    es: what('es', (asked, [one, several], feminine) => {
      const { measure, by, limit, compares } = asked
      const things = limit === 1 ? one : limit ? `${limit} ${several}` : several
      const how = by === 'count' ? 'número de contratos' : 'valor'
      if (compares && measure !== 'growth' && measure !== 'change') return 'contratos lado a lado'
      if (measure === 'count')
        return asked.per ? `número medio de contratos ${GROUPS.es[asked.per]}` : `número de ${several}`
      if (measure === 'sum')
        return one === 'hallazgo' ? 'importe en juego en los hallazgos' : 'valor total de los contratos'
      if (measure === 'mean')
        return asked.per ? `media ${GROUPS.es[asked.per]}` : 'valor medio de los contratos'
      if (measure === 'added') return 'aumento sobre los valores iniciales'
      if (measure === 'duration') return 'duración media de los contratos'
      if (measure === 'median') return 'valor mediano de los contratos'
      if (measure === 'share')
        return one === 'contrato'
          ? 'parte del valor total'
          : `parte de ${feminine ? 'las' : 'los'} ${limit ?? ''} mayores ${several}`.replace('  ', ' ')
      if (one === 'contrato' && asked.group && (measure === 'largest' || measure === 'smallest'))
        return `${measure === 'largest' ? 'mayor' : 'menor'} contrato de cada grupo,`
      if (measure === 'largest') return `${limit === 1 ? 'mayor' : 'mayores'} ${things} por ${how}`
      if (measure === 'smallest') return `${limit === 1 ? 'menor' : 'menores'} ${things} por ${how}`
      if (measure === 'growth')
        return one === 'contrato'
          ? 'crecimiento del valor'
          : `${several} que más ${asked.falls ? 'cayeron' : 'crecieron'}`
      if (measure === 'change') return 'variación del valor entre dos períodos'
      if (measure === 'summary') return `resumen de ${several}`
      return `lista de ${several}${by && by in ORDERS.es ? ` ${ORDERS.es[by]}` : by === 'count' ? ' por número de contratos' : ''}`
    }),
  }),
  named: entry<{ field: string; names: readonly string[] }>({
    en: ({ field, names }, { either }) =>
      `${{ buyer: 'public body', supplier: 'supplier', category: 'category', modality: 'procedure', status: 'status', contract: 'contract' }[field] ?? field} ${either(names.map((name) => `**${name}**`))}`,
    pt: ({ field, names }, { either }) =>
      `${{ buyer: 'órgão', supplier: 'fornecedor', category: 'categoria', modality: 'modalidade', status: 'situação', contract: 'contrato' }[field] ?? field} ${either(names.map((name) => `**${name}**`))}`,
    es: ({ field, names }, { either }) =>
      `${{ buyer: 'organismo', supplier: 'proveedor', category: 'categoría', modality: 'procedimiento', status: 'estado', contract: 'contrato' }[field] ?? field} ${either(names.map((name) => `**${name}**`))}`,
  }),
  topic: entry<{ phrases: readonly string[] }>({
    en: ({ phrases }, { either }) =>
      `${either(phrases.map((one) => `“${one}”`))} in object, item or category`,
    pt: ({ phrases }, { either }) =>
      `${either(phrases.map((one) => `“${one}”`))} no objeto, item ou categoria`,
    es: ({ phrases }, { either }) =>
      `${either(phrases.map((one) => `“${one}”`))} en objeto, ítem o categoría`,
  }),
  value: entry<Bounds>({
    en: ({ least, most, over, under }) =>
      least !== undefined && most !== undefined
        ? least === most
          ? `value of ${least}`
          : `value from ${least} to ${most}`
        : least !== undefined
          ? `value ${over ? 'above' : 'from'} ${least}`
          : `value ${under ? 'below' : 'up to'} ${most}`,
    pt: ({ least, most, over, under }) =>
      least !== undefined && most !== undefined
        ? least === most
          ? `valor de ${least}`
          : `valor de ${least} a ${most}`
        : least !== undefined
          ? `valor ${over ? 'acima' : 'a partir'} de ${least}`
          : `valor ${under ? 'abaixo de' : 'até'} ${most}`,
    es: ({ least, most, over, under }) =>
      least !== undefined && most !== undefined
        ? least === most
          ? `valor de ${least}`
          : `valor de ${least} a ${most}`
        : least !== undefined
          ? `valor ${over ? 'superior a' : 'desde'} ${least}`
          : `valor ${under ? 'inferior a' : 'hasta'} ${most}`,
  }),
  period: entry<Days>({
    en: (days) =>
      ({ both: `${days.from} to ${days.to}`, from: `since ${days.from}`, to: `until ${days.to}` })[
        ended(days)
      ],
    pt: (days) =>
      ({ both: `de ${days.from} a ${days.to}`, from: `desde ${days.from}`, to: `até ${days.to}` })[
        ended(days)
      ],
    es: (days) =>
      ({ both: `del ${days.from} al ${days.to}`, from: `desde el ${days.from}`, to: `hasta el ${days.to}` })[
        ended(days)
      ],
  }),
  ends: entry<Days>({
    en: (days) =>
      ({
        both: `ending from ${days.from} to ${days.to}`,
        from: `ending since ${days.from}`,
        to: `ended by ${days.to}`,
      })[ended(days)],
    pt: (days) =>
      ({
        both: `término de ${days.from} a ${days.to}`,
        from: `término desde ${days.from}`,
        to: `término até ${days.to}`,
      })[ended(days)],
    es: (days) =>
      ({
        both: `término del ${days.from} al ${days.to}`,
        from: `término desde el ${days.from}`,
        to: `término hasta el ${days.to}`,
      })[ended(days)],
  }),
  in_force: entry<{ day: string }>({
    en: ({ day }) => `in force on ${day}`,
    pt: ({ day }) => `em vigor em ${day}`,
    es: ({ day }) => `vigentes el ${day}`,
  }),
  missing: entry<{ what: string }>({
    en: ({ what }) =>
      `without ${{ value: 'a value', date: 'a date', supplier: 'a supplier', buyer: 'a public body', object: 'an object', end: 'an end' }[what]}`,
    pt: ({ what }) =>
      `sem ${{ value: 'valor', date: 'data', supplier: 'fornecedor', buyer: 'órgão', object: 'objeto', end: 'data de término' }[what]}`,
    es: ({ what }) =>
      `sin ${{ value: 'valor', date: 'fecha', supplier: 'proveedor', buyer: 'organismo', object: 'objeto', end: 'fecha de término' }[what]}`,
  }),
  severities: entry<{ severities: readonly Severity[] }>({
    en: ({ severities }, { either }) => `severity ${either(severities.map((one) => SEVERITIES.en[one]))}`,
    pt: ({ severities }, { either }) => `gravidade ${either(severities.map((one) => SEVERITIES.pt[one]))}`,
    es: ({ severities }, { either }) => `gravedad ${either(severities.map((one) => SEVERITIES.es[one]))}`,
  }),
  types: entry<{ types: readonly string[] }>({
    en: ({ types }, { either }) => `type ${either(types)}`,
    pt: ({ types }, { either }) => `tipo ${either(types)}`,
    es: ({ types }, { either }) => `tipo ${either(types)}`,
  }),
  beside: entry<{ side: string }>({
    en: ({ side }) =>
      `value ${{ above_mean: 'above the mean', below_mean: 'below the mean', above_median: 'above the median', below_median: 'below the median' }[side]}`,
    pt: ({ side }) =>
      `valor ${{ above_mean: 'acima da média', below_mean: 'abaixo da média', above_median: 'acima da mediana', below_median: 'abaixo da mediana' }[side]}`,
    es: ({ side }) =>
      `valor ${{ above_mean: 'por encima de la media', below_mean: 'por debajo de la media', above_median: 'por encima de la mediana', below_median: 'por debajo de la mediana' }[side]}`,
  }),
  currency: entry<{ code: string }>({
    en: ({ code }) => `currency ${code}`,
    pt: ({ code }) => `moeda ${code}`,
    es: ({ code }) => `moneda ${code}`,
  }),
  within: entry<{ slices: readonly string[] }>({
    en: ({ slices }, { either }) => either(slices),
    pt: ({ slices }, { either }) => either(slices),
    es: ({ slices }, { either }) => either(slices),
  }),
  increase: entry<Bounds>({
    en: (bounds) => `increase over the initial value ${ranged(bounds, 'en')}`,
    pt: (bounds) => `acréscimo sobre o valor inicial ${ranged(bounds, 'pt')}`,
    es: (bounds) => `aumento sobre el valor inicial ${ranged(bounds, 'es')}`,
  }),
  weekdays: entry<{ days: readonly string[] }>({
    en: ({ days }, { either }) => `signed on a ${either(days)}`,
    pt: ({ days }, { either }) => `assinatura em ${either(days)}`,
    es: ({ days }, { either }) => `firma en ${either(days)}`,
  }),
  months: entry<Bounds>({
    en: (bounds) => `length ${ranged(bounds, 'en')} months`,
    pt: (bounds) => `duração ${ranged(bounds, 'pt')} meses`,
    es: (bounds) => `duración ${ranged(bounds, 'es')} meses`,
  }),
  having: entry<Bounds & { readonly what: HavingWhat }>({
    en: ({ what, ...bounds }) => `${HAVING.en[what]} ${ranged(bounds, 'en')}`,
    pt: ({ what, ...bounds }) => `${HAVING.pt[what]} ${ranged(bounds, 'pt')}`,
    es: ({ what, ...bounds }) => `${HAVING.es[what]} ${ranged(bounds, 'es')}`,
  }),
  also: entry<{ filters: string }>({
    en: ({ filters }) => `with contracts under ${filters}`,
    pt: ({ filters }) => `com contratos em ${filters}`,
    es: ({ filters }) => `con contratos en ${filters}`,
  }),
  never: entry<{ filters: string }>({
    en: ({ filters }) => `without any contract under ${filters}`,
    pt: ({ filters }) => `sem nenhum contrato em ${filters}`,
    es: ({ filters }) => `sin ningún contrato en ${filters}`,
  }),
  nothing_else: entry<{ filters: string }>({
    en: ({ filters }) => `without any contract but those under ${filters}`,
    pt: ({ filters }) => `sem nenhum contrato além dos de ${filters}`,
    es: ({ filters }) => `sin ningún contrato aparte de los de ${filters}`,
  }),
  whole: entry<{ filters: string }>({
    en: ({ filters }) => `as a part of ${filters}`,
    pt: ({ filters }) => `como parte de ${filters}`,
    es: ({ filters }) => `como parte de ${filters}`,
  }),
  except: entry<{ filters: string }>({
    en: ({ filters }) => `all but ${filters}`,
    pt: ({ filters }) => `exceto ${filters}`,
    es: ({ filters }) => `excepto ${filters}`,
  }),
  taken: entry<{ asked: string; names: readonly string[] }>({
    en: ({ asked, names }, { all }) => `I took “${asked}” for ${all(names.map((name) => `**${name}**`))}.`,
    pt: ({ asked, names }, { all }) => `Tomei “${asked}” por ${all(names.map((name) => `**${name}**`))}.`,
    es: ({ asked, names }, { all }) => `Tomé “${asked}” por ${all(names.map((name) => `**${name}**`))}.`,
  }),
  unused: entry<{ words: readonly string[] }>({
    en: ({ words }) =>
      `I did not use: ${words.map((word) => `“${word}”`).join(', ')}. What follows leaves that out and may cover more than you asked.`,
    pt: ({ words }) =>
      `Não usei: ${words.map((word) => `“${word}”`).join(', ')}. O que segue deixa isso de lado e pode abranger mais do que você perguntou.`,
    es: ({ words }) =>
      `No usé: ${words.map((word) => `“${word}”`).join(', ')}. Lo que sigue lo deja de lado y puede abarcar más de lo que preguntó.`,
  }),
  introduced: entry<{ words: readonly string[] }>({
    en: ({ words }) =>
      `What you say of yourself does not restrict the answer: ${words.map((word) => `“${word}”`).join(', ')}.`,
    pt: ({ words }) =>
      `O que você diz de si não restringe a resposta: ${words.map((word) => `“${word}”`).join(', ')}.`,
    es: ({ words }) =>
      `Lo que dice de usted no restringe la respuesta: ${words.map((word) => `“${word}”`).join(', ')}.`,
  }),
  refused: entry<{ words: readonly string[] }>({
    en: ({ words }) =>
      `I did not take in ${words.map((word) => `“${word}”`).join(', ')}: ${words.length === 1 ? 'it changes' : 'they change'} the figure, so I give none.`,
    pt: ({ words }) =>
      `Não entendi ${words.map((word) => `“${word}”`).join(', ')}: isso muda o número, e por isso não dou nenhum.`,
    es: ({ words }) =>
      `No entendí ${words.map((word) => `“${word}”`).join(', ')}: eso cambia la cifra, y por eso no doy ninguna.`,
  }),
  nearest: entry<{ what: string; dataset: string; filters: string; period: string }>({
    en: ({ what, dataset, filters, period }) =>
      `The nearest that I can answer: ${what}, in **${dataset}**. Filters: ${filters}. Period: ${period}. Ask for that, or say it in other words.`,
    pt: ({ what, dataset, filters, period }) =>
      `O mais próximo que sei responder: ${what}, em **${dataset}**. Filtros: ${filters}. Período: ${period}. Peça isso, ou diga de outro modo.`,
    es: ({ what, dataset, filters, period }) =>
      `Lo más cercano que sé responder: ${what}, en **${dataset}**. Filtros: ${filters}. Período: ${period}. Pida eso, o dígalo de otro modo.`,
  }),
  next: entry<{ question: string }>({
    en: ({ question }) => `Next you could ask: “${question}”`,
    pt: ({ question }) => `Você pode perguntar em seguida: “${question}”`,
    es: ({ question }) => `Puede preguntar después: “${question}”`,
  }),
}
