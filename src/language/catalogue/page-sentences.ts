import { type Area, entry } from '../entry.ts'

/** The way out that a page for a browser shows with an error. */
export const page = {
  sign_in: {
    en: 'Sign in again, then open this address once more.',
    pt: 'Entre de novo e depois abra este endereço outra vez.',
    es: 'Vuelva a iniciar sesión y abra de nuevo esta dirección.',
  },
  ask: {
    en: 'Ask the owner or an administrator for access, or sign in as somebody who has it.',
    pt: 'Peça acesso ao dono ou a um administrador, ou entre como alguém que o tenha.',
    es: 'Pida acceso al propietario o a un administrador, o inicie sesión como alguien que lo tenga.',
  },
  check_address: {
    en: 'Check the address; what stood here may have been removed, or is not shared with you.',
    pt: 'Confira o endereço; o que havia aqui pode ter sido removido ou não foi compartilhado com você.',
    es: 'Compruebe la dirección; lo que había aquí puede haberse eliminado o no se ha compartido con usted.',
  },
  correct: {
    en: 'Correct the request and send it again.',
    pt: 'Corrija o pedido e envie-o de novo.',
    es: 'Corrija la petición y envíela de nuevo.',
  },
  later: { en: 'Try again later.', pt: 'Tente de novo mais tarde.', es: 'Inténtelo más tarde.' },
  wait: entry<{ seconds: number }>({
    en: ({ seconds }, { within }) => `Try again ${within(seconds)}.`,
    pt: ({ seconds }, { within }) => `Tente de novo ${within(seconds)}.`,
    es: ({ seconds }, { within }) => `Inténtelo de nuevo ${within(seconds)}.`,
  }),
  report: {
    en: 'Tell the operator the request id below.',
    pt: 'Informe ao operador o id do pedido abaixo.',
    es: 'Comunique al operador el id de la petición que figura abajo.',
  },
  request_id: { en: 'Request id', pt: 'Id do pedido', es: 'Id de la petición' },
  documentation: {
    en: 'Documentation of this service',
    pt: 'Documentação deste serviço',
    es: 'Documentación de este servicio',
  },
} as const satisfies Area
