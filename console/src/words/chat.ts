/** The words about conversations; every language has the same keys. */
const en = {
  title: 'Chat',
  new: 'New conversation',
  conversations: 'Conversations',
  searchConversations: 'Search conversations',
  empty: 'Ask about a file, a supplier, a contract, or a finding.',
  examples: ['Who are the largest suppliers?', 'Which contracts grew most?', 'Investigate the sample'],
  message: 'Message',
  send: 'Send',
  stop: 'Stop',
  untitled: 'Untitled',
  you: 'You',
  typing: (names: string) => `${names} typing…`,
  here: (names: string) => `Also here: ${names}`,
  broken: 'This answer broke off. What had come is kept.',
  stopped: 'Stopped.',
  again: 'Ask again',
}
type Words = typeof en

const pt: Words = {
  title: 'Conversa',
  new: 'Nova conversa',
  conversations: 'Conversas',
  searchConversations: 'Buscar conversas',
  empty: 'Pergunte sobre um arquivo, um fornecedor, um contrato ou um achado.',
  examples: ['Quais são os maiores fornecedores?', 'Quais contratos mais cresceram?', 'Investigue a amostra'],
  message: 'Mensagem',
  send: 'Enviar',
  stop: 'Parar',
  untitled: 'Sem título',
  you: 'Você',
  typing: (names) => `${names} digitando…`,
  here: (names) => `Também aqui: ${names}`,
  broken: 'Esta resposta foi interrompida. O que já tinha chegado ficou guardado.',
  stopped: 'Parada.',
  again: 'Perguntar de novo',
}

const es: Words = {
  title: 'Conversación',
  new: 'Nueva conversación',
  conversations: 'Conversaciones',
  searchConversations: 'Buscar conversaciones',
  empty: 'Pregunte por un archivo, un proveedor, un contrato o un hallazgo.',
  examples: [
    '¿Quiénes son los mayores proveedores?',
    '¿Qué contratos crecieron más?',
    'Investigue la muestra',
  ],
  message: 'Mensaje',
  send: 'Enviar',
  stop: 'Detener',
  untitled: 'Sin título',
  you: 'Usted',
  typing: (names) => `${names} escribiendo…`,
  here: (names) => `También aquí: ${names}`,
  broken: 'Esta respuesta se interrumpió. Lo que había llegado se conserva.',
  stopped: 'Detenida.',
  again: 'Preguntar de nuevo',
}

export const chat = { en, pt, es }
