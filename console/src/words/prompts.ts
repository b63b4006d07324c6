/** The words about prompts; every language has the same keys. */
const en = {
  title: 'Prompts',
  new: 'New prompt',
  name: 'Title',
  text: 'Text, with {{variables}}',
  variables: 'Variables',
  noVariables: 'No variables',
  run: 'Execute Prompt',
  model: 'Model',
  noModel: 'As configured',
  output: 'Answer',
  runs: 'Runs',
  nth: (number: number) => `Run ${number}`,
  chooseTwo: 'Two runs that are over can be compared. They stay here while the page is open.',
  compare: 'Compare',
  compared: (left: number, right: number) => `Run ${left} and run ${right}`,
  firstToken: 'First token',
  duration: 'Duration',
  tokens: 'Tokens',
  cost: 'Cost',
  own: (told: string, count: number) =>
    count === 1 ? '1 word is only here; it is marked.' : `${told} words are only here; they are marked.`,
  tooLong: 'These texts differ in too many words to mark them.',
  none: 'No prompts yet.',
}
type Words = typeof en

const pt: Words = {
  title: 'Prompts',
  new: 'Novo prompt',
  name: 'Título',
  text: 'Texto, com {{variáveis}}',
  variables: 'Variáveis',
  noVariables: 'Sem variáveis',
  run: 'Executar prompt',
  model: 'Modelo',
  noModel: 'Como configurado',
  output: 'Resposta',
  runs: 'Execuções',
  nth: (number) => `Execução ${number}`,
  chooseTwo:
    'Duas execuções concluídas podem ser comparadas. Elas ficam aqui enquanto a página estiver aberta.',
  compare: 'Comparar',
  compared: (left, right) => `Execução ${left} e execução ${right}`,
  firstToken: 'Primeiro token',
  duration: 'Duração',
  tokens: 'Tokens',
  cost: 'Custo',
  own: (told, count) =>
    count === 1 ? '1 palavra está só aqui, marcada.' : `${told} palavras estão só aqui, marcadas.`,
  tooLong: 'Estes textos diferem em palavras demais para marcá-las.',
  none: 'Ainda não há prompts.',
}

const es: Words = {
  title: 'Prompts',
  new: 'Nuevo prompt',
  name: 'Título',
  text: 'Texto, con {{variables}}',
  variables: 'Variables',
  noVariables: 'Sin variables',
  run: 'Ejecutar prompt',
  model: 'Modelo',
  noModel: 'Según la configuración',
  output: 'Respuesta',
  runs: 'Ejecuciones',
  nth: (number) => `Ejecución ${number}`,
  chooseTwo: 'Se pueden comparar dos ejecuciones terminadas. Quedan aquí mientras la página esté abierta.',
  compare: 'Comparar',
  compared: (left, right) => `Ejecución ${left} y ejecución ${right}`,
  firstToken: 'Primer token',
  duration: 'Duración',
  tokens: 'Tokens',
  cost: 'Costo',
  own: (told, count) =>
    count === 1 ? '1 palabra está solo aquí, marcada.' : `${told} palabras están solo aquí, marcadas.`,
  tooLong: 'Estos textos difieren en demasiadas palabras para marcarlas.',
  none: 'Todavía no hay prompts.',
}

export const prompts = { en, pt, es }
