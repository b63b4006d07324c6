import { entry } from '../entry.ts'

/** The sentences of answers about findings, beside the findings' own words. */
export const flags = {
  found: entry<{ count: number; all: number; query: string }>({
    en: ({ count, query }, { number }) =>
      `**${number(count)} ${count === 1 ? 'finding' : 'findings'}**, from the newest finished investigation (“${query}”).`,
    pt: ({ count, query }, { number }) =>
      `**${number(count)} ${count === 1 ? 'achado' : 'achados'}**, da investigação concluída mais recente (“${query}”).`,
    es: ({ count, query }, { number }) =>
      `**${number(count)} ${count === 1 ? 'hallazgo' : 'hallazgos'}**, de la investigación concluida más reciente (“${query}”).`,
  }),
  at_stake: entry<{ amount: number; currency: string; count: number }>({
    en: ({ amount, currency, count }, { money, number }) =>
      `At stake: **${money(amount, currency)}** (${currency}), in ${number(count)} findings; one contract may stand in several.`,
    pt: ({ amount, currency, count }, { money, number }) =>
      `Em jogo: **${money(amount, currency)}** (${currency}), em ${number(count)} achados; um contrato pode estar em vários.`,
    es: ({ amount, currency, count }, { money, number }) =>
      `En juego: **${money(amount, currency)}** (${currency}), en ${number(count)} hallazgos; un contrato puede estar en varios.`,
  }),
  none: entry<{ examined: number; valued: number }>({
    en: ({ examined, valued }, { number }) =>
      `**No finding** corresponds to this. That is not a clean bill of health: ${number(examined)} contracts were looked at, ${number(valued)} of them with a value.`,
    pt: ({ examined, valued }, { number }) =>
      `**Nenhum achado** corresponde a isso. Isso não quer dizer que esteja tudo certo: foram examinados ${number(examined)} contratos, ${number(valued)} deles com valor.`,
    es: ({ examined, valued }, { number }) =>
      `**Ningún hallazgo** corresponde a eso. Eso no quiere decir que todo esté bien: se examinaron ${number(examined)} contratos, ${number(valued)} de ellos con valor.`,
  }),
  ran: entry<{ types: readonly string[] }>({
    en: ({ types }, { all }) => `Rules that ran: ${types.length > 0 ? all(types) : 'none'}.`,
    pt: ({ types }, { all }) => `Regras que rodaram: ${types.length > 0 ? all(types) : 'nenhuma'}.`,
    es: ({ types }, { all }) => `Reglas que se aplicaron: ${types.length > 0 ? all(types) : 'ninguna'}.`,
  }),
  could_not: entry<{ rules: readonly { readonly title: string; readonly reason: string }[] }>({
    en: ({ rules }) =>
      `Rules that could not run: ${rules.map(({ title, reason }) => `${title} (${reason})`).join('; ')}.`,
    pt: ({ rules }) =>
      `Regras que não puderam rodar: ${rules.map(({ title, reason }) => `${title} (${reason})`).join('; ')}.`,
    es: ({ rules }) =>
      `Reglas que no pudieron aplicarse: ${rules.map(({ title, reason }) => `${title} (${reason})`).join('; ')}.`,
  }),
  not_asked: entry<{ types: readonly string[] }>({
    en: ({ types }, { all }) =>
      `The newest finished investigation was limited to other rules and did not look for: ${all(types)}. Nothing can be said about it until one does.`,
    pt: ({ types }, { all }) =>
      `A investigação concluída mais recente se limitou a outras regras e não procurou: ${all(types)}. Nada se pode dizer sobre isso enquanto nenhuma procurar.`,
    es: ({ types }, { all }) =>
      `La investigación concluida más reciente se limitó a otras reglas y no buscó: ${all(types)}. Nada se puede decir de eso mientras ninguna lo busque.`,
  }),
  not_yet: {
    en: 'This data has no finished investigation yet, so nothing can be said about findings: nobody has looked.',
    pt: 'Estes dados ainda não têm uma investigação concluída; por isso não há o que dizer sobre achados: ninguém olhou ainda.',
    es: 'Estos datos aún no tienen una investigación concluida; por eso no se puede decir nada de hallazgos: nadie ha mirado todavía.',
  },
  limited: {
    en: 'That investigation looked only at a part of the data.',
    pt: 'Essa investigação olhou só para uma parte dos dados.',
    es: 'Esa investigación miró solo una parte de los datos.',
  },
}
