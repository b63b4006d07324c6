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
}

export const audit = { en, pt, es }
