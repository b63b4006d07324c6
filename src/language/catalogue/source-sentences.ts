import { type Area, entry } from '../entry.ts'
import type { Language } from '../language.ts'

/** Returns a sentence on a source whose answer cannot be used. */
const unusable = (said: Readonly<Record<Language, string>>) =>
  entry<{ source: string }>({
    en: ({ source }) => `The ${source} ${said.en}; try again later, or upload the contracts as a file`,
    pt: ({ source }) => `O ${source} ${said.pt}; tente de novo mais tarde ou envie os contratos como arquivo`,
    es: ({ source }) => `El ${source} ${said.es}; inténtelo más tarde o suba los contratos como archivo`,
  })

/** Says why a public source gives no contracts, and what is to know of those that it gave. */
export const source = {
  key_missing: entry<{ source: string; setting: string }>({
    en: ({ source, setting }) =>
      `The operator has not configured access to the ${source}: the setting ${setting} is missing`,
    pt: ({ source, setting }) =>
      `O operador não configurou o acesso ao ${source}: falta a configuração ${setting}`,
    es: ({ source, setting }) =>
      `El operador no ha configurado el acceso al ${source}: falta el ajuste ${setting}`,
  }),
  key_refused: entry<{ source: string; status: number; setting: string }>({
    en: ({ source, status, setting }) =>
      `The ${source} refused this service's access (HTTP ${status}); the operator has to check the setting ${setting}`,
    pt: ({ source, status, setting }) =>
      `O ${source} recusou o acesso deste serviço (HTTP ${status}); o operador precisa verificar a configuração ${setting}`,
    es: ({ source, status, setting }) =>
      `El ${source} rechazó el acceso de este servicio (HTTP ${status}); el operador debe revisar el ajuste ${setting}`,
  }),
  query_refused: entry<{ source: string; status: number }>({
    en: ({ source, status }) =>
      `The ${source} did not accept the query (HTTP ${status}); look at its filters, or try again later`,
    pt: ({ source, status }) =>
      `O ${source} não aceitou a consulta (HTTP ${status}); reveja os filtros ou tente de novo mais tarde`,
    es: ({ source, status }) =>
      `El ${source} no aceptó la consulta (HTTP ${status}); revise los filtros o inténtelo más tarde`,
  }),
  failing: entry<{ source: string; status: number; seconds: number }>({
    en: ({ source, status, seconds }, { within }) =>
      `The ${source} gave no usable answer (HTTP ${status}); try again ${within(seconds)}`,
    pt: ({ source, status, seconds }, { within }) =>
      `O ${source} não deu uma resposta utilizável (HTTP ${status}); tente de novo ${within(seconds)}`,
    es: ({ source, status, seconds }, { within }) =>
      `El ${source} no dio una respuesta utilizable (HTTP ${status}); inténtelo de nuevo ${within(seconds)}`,
  }),
  silent: unusable({ en: 'does not answer', pt: 'não responde', es: 'no responde' }),
  page_too_large: entry<{ source: string; bytes: number }>({
    en: ({ source, bytes }, { number }) =>
      `The ${source} sent a page above ${number(bytes)} bytes; narrow the filters`,
    pt: ({ source, bytes }, { number }) =>
      `O ${source} enviou uma página acima de ${number(bytes)} bytes; restrinja os filtros`,
    es: ({ source, bytes }, { number }) =>
      `El ${source} envió una página de más de ${number(bytes)} bytes; restrinja los filtros`,
  }),
  encoding: unusable({
    en: 'answered in an encoding it was not asked for',
    pt: 'respondeu em uma codificação que não foi pedida',
    es: 'respondió en una codificación que no se le pidió',
  }),
  not_json: unusable({
    en: 'answered with something that is not JSON',
    pt: 'respondeu com algo que não é JSON',
    es: 'respondió con algo que no es JSON',
  }),
  not_contracts: unusable({
    en: 'answered with something that is not a list of contracts',
    pt: 'respondeu com algo que não é uma lista de contratos',
    es: 'respondió con algo que no es una lista de contratos',
  }),
  redirected: unusable({
    en: 'redirected to where this service does not follow',
    pt: 'redirecionou para onde este serviço não segue',
    es: 'redirigió adonde este servicio no sigue',
  }),
  repeated: entry<{ count: number }>({
    en: ({ count }, { count: counted }) =>
      `The source sent ${counted(count, 'record more than once; it is', 'records more than once; each is')} counted once.`,
    pt: ({ count }, { count: counted }) =>
      `A fonte enviou ${counted(count, 'registro mais de uma vez; ele', 'registros mais de uma vez; cada um')} é contado uma vez.`,
    es: ({ count }, { count: counted }) =>
      `La fuente envió ${counted(count, 'registro más de una vez; se', 'registros más de una vez; cada uno se')} cuenta una vez.`,
  }),
  began_again: {
    en: 'The source began to repeat itself; reading ended there.',
    pt: 'A fonte começou a se repetir; a leitura terminou ali.',
    es: 'La fuente empezó a repetirse; la lectura terminó ahí.',
  },
  cut: entry<{ most: number }>({
    en: ({ most }, { count }) =>
      `Only the first ${count(most, 'record was', 'records were')} read; the source has more.`,
    pt: ({ most }, { number }) =>
      `${most === 1 ? 'Só o primeiro registro foi lido' : `Só os primeiros ${number(most)} registros foram lidos`}; a fonte tem mais.`,
    es: ({ most }, { number }) =>
      `${most === 1 ? 'Solo se leyó el primer registro' : `Solo se leyeron los primeros ${number(most)} registros`}; la fuente tiene más.`,
  }),
  period: entry<{ source: string; from: string; to: string }>({
    en: ({ source, from, to }, { day }) =>
      `The ${source} was asked for contracts published from ${day(from)} to ${day(to)}; what was signed then and published later is not among them.`,
    pt: ({ source, from, to }, { day }) =>
      `Ao ${source} foram pedidos os contratos publicados de ${day(from)} a ${day(to)}; o que foi assinado nesse período e publicado depois não está entre eles.`,
    es: ({ source, from, to }, { day }) =>
      `Al ${source} se le pidieron los contratos publicados del ${day(from)} al ${day(to)}; lo que se firmó entonces y se publicó después no está entre ellos.`,
  }),
} as const satisfies Area
