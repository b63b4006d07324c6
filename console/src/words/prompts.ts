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
  before: 'The run before',
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
  before: 'A execução anterior',
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
  before: 'La ejecución anterior',
  none: 'Todavía no hay prompts.',
}

export const prompts = { en, pt, es }
