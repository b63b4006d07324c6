const events = (n: string): string => (n === '1' ? '1 event' : `${n} events`)
const eventos = (n: string): string => (n === '1' ? '1 evento' : `${n} eventos`)

/** The words about the audit log; every language has the same keys. */
const en = {
  title: 'Audit',
  verify: 'Verify the chain',
  valid: (n: string) => `The chain holds: ${n} events checked.`,
  broken: (id: string, reason: string) => `The chain breaks at event ${id}: ${reason}`,
  live: 'Live',
  export: 'Export',
  time: 'Time',
  event: 'Event',
  user: 'User',
  message: 'What happened',
  address: 'Address',
  from: 'From',
  to: 'To',
  none: 'No events in this range.',
  more: 'Older events',
  forbidden: 'Only auditors read the audit log.',
  exports: 'Exports',
  exported: {
    running: (rows: string, kilobytes: string) => `on its way, ${events(rows)}, ${kilobytes} kB`,
    completed: (rows: string, kilobytes: string) => `sent, ${events(rows)}, ${kilobytes} kB`,
    failed: (rows: string, kilobytes: string) =>
      `broke off after ${events(rows)}, ${kilobytes} kB: export it again`,
    cancelled: (rows: string, kilobytes: string) =>
      `stopped after ${events(rows)}, ${kilobytes} kB: export it again`,
  },
}
type Words = typeof en

const pt: Words = {
  title: 'Auditoria',
  verify: 'Verificar a cadeia',
  valid: (n) => `A cadeia está íntegra: ${n} eventos conferidos.`,
  broken: (id, reason) => `A cadeia se rompe no evento ${id}: ${reason}`,
  live: 'Ao vivo',
  export: 'Exportar',
  time: 'Hora',
  event: 'Evento',
  user: 'Usuário',
  message: 'O que aconteceu',
  address: 'Endereço',
  from: 'De',
  to: 'Até',
  none: 'Nenhum evento neste período.',
  more: 'Eventos anteriores',
  forbidden: 'Só auditores leem a auditoria.',
  exports: 'Exportações',
  exported: {
    running: (rows, kilobytes) => `a caminho, ${eventos(rows)}, ${kilobytes} kB`,
    completed: (rows, kilobytes) => `enviada, ${eventos(rows)}, ${kilobytes} kB`,
    failed: (rows, kilobytes) => `interrompida após ${eventos(rows)}, ${kilobytes} kB: exporte de novo`,
    cancelled: (rows, kilobytes) => `parada após ${eventos(rows)}, ${kilobytes} kB: exporte de novo`,
  },
}

const es: Words = {
  title: 'Auditoría',
  verify: 'Verificar la cadena',
  valid: (n) => `La cadena está íntegra: ${n} eventos verificados.`,
  broken: (id, reason) => `La cadena se rompe en el evento ${id}: ${reason}`,
  live: 'En vivo',
  export: 'Exportar',
  time: 'Hora',
  event: 'Evento',
  user: 'Usuario',
  message: 'Qué pasó',
  address: 'Dirección',
  from: 'Desde',
  to: 'Hasta',
  none: 'Ningún evento en este período.',
  more: 'Eventos anteriores',
  forbidden: 'Solo los auditores leen la auditoría.',
  exports: 'Exportaciones',
  exported: {
    running: (rows, kilobytes) => `en camino, ${eventos(rows)}, ${kilobytes} kB`,
    completed: (rows, kilobytes) => `enviada, ${eventos(rows)}, ${kilobytes} kB`,
    failed: (rows, kilobytes) => `interrumpida tras ${eventos(rows)}, ${kilobytes} kB: expórtela de nuevo`,
    cancelled: (rows, kilobytes) => `detenida tras ${eventos(rows)}, ${kilobytes} kB: expórtela de nuevo`,
  },
}

export const audit = { en, pt, es }
