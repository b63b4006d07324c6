import { type Area, entry } from '../entry.ts'

/** Says why a stream does not start, cannot be steered, or ended before its end. */
export const stream = {
  instance_stopped: {
    en: 'the instance that ran this stream stopped; ask again',
    pt: 'a instância que executava este fluxo parou; peça de novo',
    es: 'la instancia que ejecutaba este flujo se detuvo; pídalo de nuevo',
  },
  ran_too_long: {
    en: 'the stream ran longer than it may',
    pt: 'o fluxo durou mais do que pode',
    es: 'el flujo duró más de lo permitido',
  },
  failed: { en: 'the stream failed', pt: 'o fluxo falhou', es: 'el flujo falló' },
  starts_none: {
    en: 'this instance starts no new streams',
    pt: 'esta instância não inicia novos fluxos',
    es: 'esta instancia no inicia flujos nuevos',
  },
  many: entry<{ most: number }>({
    en: ({ most }, { count }) =>
      count(
        most,
        'stream of yours is running already; wait for it, or cancel it',
        'streams of yours are running already; wait for one, or cancel one',
      ),
    pt: ({ most }, { count }) =>
      count(
        most,
        'fluxo seu já está em execução; espere ou cancele-o',
        'fluxos seus já estão em execução; espere ou cancele um',
      ),
    es: ({ most }, { count }) =>
      count(
        most,
        'flujo suyo ya está en ejecución; espere o cancélelo',
        'flujos suyos ya están en ejecución; espere o cancele uno',
      ),
  }),
  many_exports: entry<{ most: number }>({
    en: ({ most }, { count }) =>
      count(
        most,
        'export of yours is running already; wait for it, or cancel it',
        'exports of yours are running already; wait for one, or cancel one',
      ),
    pt: ({ most }, { count }) =>
      count(
        most,
        'exportação sua já está em execução; espere ou cancele-a',
        'exportações suas já estão em execução; espere ou cancele uma',
      ),
    es: ({ most }, { count }) =>
      count(
        most,
        'exportación suya ya está en ejecución; espere o cancélela',
        'exportaciones suyas ya están en ejecución; espere o cancele una',
      ),
  }),
  ended: { en: 'the stream has ended', pt: 'o fluxo já terminou', es: 'el flujo ya terminó' },
  leases: {
    en: 'leases were not renewed in time',
    pt: 'as reservas não foram renovadas a tempo',
    es: 'las reservas no se renovaron a tiempo',
  },
  anothers: entry<{ id: string }>({
    en: ({ id }) => `stream ${id} has ended or is run by another instance`,
    pt: ({ id }) => `o fluxo ${id} terminou ou é executado por outra instância`,
    es: ({ id }) => `el flujo ${id} terminó o lo ejecuta otra instancia`,
  }),
  not_known: {
    en: 'The stream of this Last-Event-ID is not known',
    pt: 'O fluxo deste Last-Event-ID não é conhecido',
    es: 'El flujo de este Last-Event-ID no se conoce',
  },
  export_cancelled: {
    en: 'The export was cancelled or this instance stops',
    pt: 'A exportação foi cancelada ou esta instância está parando',
    es: 'La exportación se canceló o esta instancia se detiene',
  },
  export_revoked: {
    en: 'The credentials of this export have been revoked',
    pt: 'As credenciais desta exportação foram revogadas',
    es: 'Las credenciales de esta exportación han sido revocadas',
  },
  export_stalled: {
    en: 'The client took nothing for too long',
    pt: 'O cliente ficou tempo demais sem receber nada',
    es: 'El cliente no recibió nada durante demasiado tiempo',
  },
  client_gone: { en: 'The client has gone', pt: 'O cliente foi embora', es: 'El cliente se ha ido' },
} as const satisfies Area
