import { type Area, entry } from '../entry.ts'
import type { Language } from '../language.ts'

const TYPES = {
  string: { en: 'text', pt: 'texto', es: 'texto' },
  number: { en: 'a number', pt: 'um número', es: 'un número' },
  integer: { en: 'a whole number', pt: 'um número inteiro', es: 'un número entero' },
  boolean: { en: 'true or false', pt: 'true ou false', es: 'true o false' },
  object: { en: 'an object', pt: 'um objeto', es: 'un objeto' },
  array: { en: 'a list', pt: 'uma lista', es: 'una lista' },
  null: { en: 'null', pt: 'null', es: 'null' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>

const typesIn = (types: readonly (keyof typeof TYPES)[], language: Language): string[] =>
  types.map((type) => TYPES[type][language])

/** Says why a field is refused; the sentence goes on after the field's name. */
export const field = {
  required: { en: 'is required', pt: 'é obrigatório', es: 'es obligatorio' },
  unknown: { en: 'is not known here', pt: 'não é conhecido aqui', es: 'no se conoce aquí' },
  invalid: { en: 'is not valid', pt: 'não é válido', es: 'no es válido' },
  not_user_message: {
    en: 'is the id of an answer; only messages of users are replaced by another message',
    pt: 'é o id de uma resposta; só mensagens de usuários são substituídas por outra mensagem',
    es: 'es el id de una respuesta; solo los mensajes de usuarios se sustituyen por otro mensaje',
  },
  no_question: {
    en: 'is the id of a message that answers no question',
    pt: 'é o id de uma mensagem que não responde a nenhuma pergunta',
    es: 'es el id de un mensaje que no responde a ninguna pregunta',
  },
  known_message: {
    en: 'is the id of another message in this conversation; name it in messageId to replace that one',
    pt: 'é o id de outra mensagem desta conversa; indique-o em messageId para substituí-la',
    es: 'es el id de otro mensaje de esta conversación; indíquelo en messageId para sustituirlo',
  },
  message_id: {
    en: 'must be 1 to 200 characters without control characters',
    pt: 'deve ter de 1 a 200 caracteres, sem caracteres de controle',
    es: 'debe tener de 1 a 200 caracteres, sin caracteres de control',
  },
  blank: { en: 'must not be blank', pt: 'não pode ficar em branco', es: 'no puede estar en blanco' },
  empty: { en: 'must not be empty', pt: 'não pode ficar vazio', es: 'no puede estar vacío' },
  reserved_key: {
    en: 'is not allowed as a key',
    pt: 'não é permitido como chave',
    es: 'no se permite como clave',
  },
  null_character: {
    en: 'must not have the character U+0000',
    pt: 'não pode ter o caractere U+0000',
    es: 'no puede tener el carácter U+0000',
  },
  email: {
    en: 'must be an e-mail address, like ana@example.org',
    pt: 'deve ser um endereço de e-mail, como ana@example.org',
    es: 'debe ser una dirección de correo, como ana@example.org',
  },
  username: {
    en: 'must have no white space, control characters, | or /',
    pt: 'não pode ter espaços, caracteres de controle, | ou /',
    es: 'no puede tener espacios, caracteres de control, | ni /',
  },
  cursor: {
    en: 'must be the "next" of the page before',
    pt: 'deve ser o "next" da página anterior',
    es: 'debe ser el "next" de la página anterior',
  },
  day: {
    en: 'must be a day, as 2024-12-31',
    pt: 'deve ser um dia, como 2024-12-31',
    es: 'debe ser un día, como 2024-12-31',
  },
  instant: {
    en: 'must be a time, as 2024-12-31T12:00:00Z',
    pt: 'deve ser um instante, como 2024-12-31T12:00:00Z',
    es: 'debe ser un instante, como 2024-12-31T12:00:00Z',
  },
  given_twice: {
    en: 'must be given once only',
    pt: 'deve ser informado uma só vez',
    es: 'debe indicarse una sola vez',
  },
  one_file: {
    en: 'must be one file: send each in an upload of its own',
    pt: 'deve ser um só arquivo: envie cada um em separado',
    es: 'debe ser un solo archivo: envíe cada uno por separado',
  },
  twice: {
    en: 'must not have one item twice',
    pt: 'não pode repetir um item',
    es: 'no puede repetir un elemento',
  },
  one_of: entry<{ allowed: readonly string[] }>({
    en: ({ allowed }, { either }) => `must be ${either(allowed)}`,
    pt: ({ allowed }, { either }) => `deve ser ${either(allowed)}`,
    es: ({ allowed }, { either }) => `debe ser ${either(allowed)}`,
  }),
  of_type: entry<{ types: readonly (keyof typeof TYPES)[] }>({
    en: ({ types }, { either }) => `must be ${either(typesIn(types, 'en'))}`,
    pt: ({ types }, { either }) => `deve ser ${either(typesIn(types, 'pt'))}`,
    es: ({ types }, { either }) => `debe ser ${either(typesIn(types, 'es'))}`,
  }),
  identifier: entry<{ characters: number }>({
    en: ({ characters }) =>
      `must be letters (A–Z, a–z), digits, _ or -, at least one and at most ${characters}`,
    pt: ({ characters }) =>
      `deve ter letras (A–Z, a–z), dígitos, _ ou -, ao menos um e no máximo ${characters}`,
    es: ({ characters }) =>
      `debe tener letras (A–Z, a–z), dígitos, _ o -, al menos uno y como máximo ${characters}`,
  }),
  pattern: entry<{ pattern: string }>({
    en: ({ pattern }) => `must match the pattern ${pattern}`,
    pt: ({ pattern }) => `deve seguir o padrão ${pattern}`,
    es: ({ pattern }) => `debe seguir el patrón ${pattern}`,
  }),
  whole_number: entry<{ minimum: number }>({
    en: ({ minimum }, { number }) => `must be a whole number, ${number(minimum)} or more`,
    pt: ({ minimum }, { number }) => `deve ser um número inteiro, ${number(minimum)} ou mais`,
    es: ({ minimum }, { number }) => `debe ser un número entero, ${number(minimum)} o más`,
  }),
  min_characters: entry<{ count: number }>({
    en: ({ count }, { count: counted }) => `must have ${counted(count, 'character', 'characters')} or more`,
    pt: ({ count }, { count: counted }) => `deve ter ${counted(count, 'caractere', 'caracteres')} ou mais`,
    es: ({ count }, { count: counted }) => `debe tener ${counted(count, 'carácter', 'caracteres')} o más`,
  }),
  max_characters: entry<{ count: number }>({
    en: ({ count }, { count: counted }) => `must have ${counted(count, 'character', 'characters')} or fewer`,
    pt: ({ count }, { count: counted }) => `deve ter no máximo ${counted(count, 'caractere', 'caracteres')}`,
    es: ({ count }, { count: counted }) =>
      `debe tener ${counted(count, 'carácter', 'caracteres')} como máximo`,
  }),
  min_items: entry<{ count: number }>({
    en: ({ count }, { count: counted }) => `must have ${counted(count, 'item', 'items')} or more`,
    pt: ({ count }, { count: counted }) => `deve ter ${counted(count, 'item', 'itens')} ou mais`,
    es: ({ count }, { count: counted }) => `debe tener ${counted(count, 'elemento', 'elementos')} o más`,
  }),
  max_items: entry<{ count: number }>({
    en: ({ count }, { count: counted }) => `must have ${counted(count, 'item', 'items')} or fewer`,
    pt: ({ count }, { count: counted }) => `deve ter no máximo ${counted(count, 'item', 'itens')}`,
    es: ({ count }, { count: counted }) =>
      `debe tener ${counted(count, 'elemento', 'elementos')} como máximo`,
  }),
  minimum: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be ${number(limit)} or more`,
    pt: ({ limit }, { number }) => `deve ser ${number(limit)} ou mais`,
    es: ({ limit }, { number }) => `debe ser ${number(limit)} o más`,
  }),
  maximum: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be ${number(limit)} or less`,
    pt: ({ limit }, { number }) => `deve ser ${number(limit)} ou menos`,
    es: ({ limit }, { number }) => `debe ser ${number(limit)} o menos`,
  }),
  more_than: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be more than ${number(limit)}`,
    pt: ({ limit }, { number }) => `deve ser mais que ${number(limit)}`,
    es: ({ limit }, { number }) => `debe ser más que ${number(limit)}`,
  }),
  less_than: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be less than ${number(limit)}`,
    pt: ({ limit }, { number }) => `deve ser menos que ${number(limit)}`,
    es: ({ limit }, { number }) => `debe ser menos que ${number(limit)}`,
  }),
  multiple: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be a multiple of ${number(limit)}`,
    pt: ({ limit }, { number }) => `deve ser múltiplo de ${number(limit)}`,
    es: ({ limit }, { number }) => `debe ser múltiplo de ${number(limit)}`,
  }),
  not_json: { en: 'is not JSON', pt: 'não é JSON', es: 'no es JSON' },
  user_last: {
    en: 'must be user: the last message is what is said',
    pt: 'deve ser user: a última mensagem é o que se diz',
    es: 'debe ser user: el último mensaje es lo que se dice',
  },
  text_only: entry<{ type: string }>({
    en: ({ type }) => `is of type ${type}; only text is taken`,
    pt: ({ type }) => `é do tipo ${type}; só texto é aceito`,
    es: ({ type }) => `es de tipo ${type}; solo se admite texto`,
  }),
  no_position: {
    en: 'is neither an offset nor <epoch>:<offset>',
    pt: 'não é nem um offset nem <epoch>:<offset>',
    es: 'no es ni un offset ni <epoch>:<offset>',
  },
  in_the_future: { en: 'lies in the future', pt: 'está no futuro', es: 'está en el futuro' },
  before_start: {
    en: 'lies before start_date',
    pt: 'é anterior a start_date',
    es: 'es anterior a start_date',
  },
  under_minimum: { en: 'is less than min_value', pt: 'é menor que min_value', es: 'es menor que min_value' },
  name_one_of: entry<{ allowed: readonly string[] }>({
    en: ({ allowed }, { either }) => `must have one of ${either(allowed)}`,
    pt: ({ allowed }, { either }) => `deve ter um destes campos: ${either(allowed)}`,
    es: ({ allowed }, { either }) => `debe tener uno de estos campos: ${either(allowed)}`,
  }),
  siafi_code: {
    en: 'must be the SIAFI code of one federal body, for example 26000: the Portal da Transparência answers for one at a time',
    pt: 'deve ser o código SIAFI de um órgão federal, por exemplo 26000: o Portal da Transparência responde por um de cada vez',
    es: 'debe ser el código SIAFI de un organismo federal, por ejemplo 26000: el Portal da Transparência responde por uno cada vez',
  },
  after_end: { en: 'is after end_date', pt: 'é posterior a end_date', es: 'es posterior a end_date' },
  no_message: {
    en: 'is no message of this conversation',
    pt: 'não é uma mensagem desta conversa',
    es: 'no es un mensaje de esta conversación',
  },
  no_agent: {
    en: 'is no agent; GET /api/v1/agents lists them',
    pt: 'não é um agente; GET /api/v1/agents os lista',
    es: 'no es un agente; GET /api/v1/agents los lista',
  },
  no_provider: {
    en: 'is no configured provider; GET /api/v1/providers lists them',
    pt: 'não é um provedor configurado; GET /api/v1/providers os lista',
    es: 'no es un proveedor configurado; GET /api/v1/providers los lista',
  },
  no_model: {
    en: 'is no model of this service; GET /v1/models lists them',
    pt: 'não é um modelo deste serviço; GET /v1/models os lista',
    es: 'no es un modelo de este servicio; GET /v1/models los lista',
  },
  no_model_id: { en: 'is no model', pt: 'não é um modelo', es: 'no es un modelo' },
  no_tool: {
    en: 'names none of the tools',
    pt: 'não indica nenhuma das ferramentas',
    es: 'no nombra ninguna de las herramientas',
  },
  say_as_user: {
    en: 'must say something as the user',
    pt: 'deve dizer algo como usuário',
    es: 'debe decir algo como usuario',
  },
  no_dataset_of_yours: {
    en: 'names no dataset of yours',
    pt: 'não indica um conjunto de dados seu',
    es: 'no nombra ningún conjunto de datos suyo',
  },
  no_event: {
    en: 'is the id of no event',
    pt: 'não é o id de um evento',
    es: 'no es el id de ningún evento',
  },
  no_event_type: entry<{ type: string }>({
    en: ({ type }) => `${type} is no event type`,
    pt: ({ type }) => `${type} não é um tipo de evento`,
    es: ({ type }) => `${type} no es un tipo de evento`,
  }),
  no_checkpoint: {
    en: 'is the id of no checkpoint',
    pt: 'não é o id de um ponto de verificação',
    es: 'no es el id de ningún punto de control',
  },
  checkpoint_cut: {
    en: 'the events after that checkpoint were removed',
    pt: 'os eventos depois desse ponto de verificação foram removidos',
    es: 'los eventos posteriores a ese punto de control se eliminaron',
  },
  day_or_instant: {
    en: 'must be YYYY-MM-DD or an ISO 8601 time',
    pt: 'deve ser AAAA-MM-DD ou um instante ISO 8601',
    es: 'debe ser AAAA-MM-DD o un instante ISO 8601',
  },
  placeholder: entry<{ placeholder: string }>({
    en: ({ placeholder }) => `${placeholder} is not allowed`,
    pt: ({ placeholder }) => `${placeholder} não é permitido`,
    es: ({ placeholder }) => `${placeholder} no se permite`,
  }),
  by_prompt: { en: 'is required by the prompt', pt: 'é exigido pelo prompt', es: 'lo exige el prompt' },
  long_prompt: entry<{ most: number }>({
    en: ({ most }, { count }) => `make a prompt of more than ${count(most, 'character', 'characters')}`,
    pt: ({ most }, { count }) => `fazem um prompt de mais de ${count(most, 'caractere', 'caracteres')}`,
    es: ({ most }, { count }) => `forman un prompt de más de ${count(most, 'carácter', 'caracteres')}`,
  }),
  blank_prompt: {
    en: 'make a blank prompt',
    pt: 'fazem um prompt em branco',
    es: 'forman un prompt en blanco',
  },
  variable: {
    en: 'must be text, a number or a boolean',
    pt: 'deve ser texto, um número ou um booleano',
    es: 'debe ser texto, un número o un booleano',
  },
  longer_than: entry<{ count: number }>({
    en: ({ count }, { count: counted }) => `longer than ${counted(count, 'character', 'characters')}`,
    pt: ({ count }, { count: counted }) => `mais longo que ${counted(count, 'caractere', 'caracteres')}`,
    es: ({ count }, { count: counted }) => `más largo que ${counted(count, 'carácter', 'caracteres')}`,
  }),
  channel_characters: {
    en: 'empty, or with white space, control characters or braces',
    pt: 'vazio, ou com espaços, caracteres de controle ou chaves',
    es: 'vacío, o con espacios, caracteres de control o llaves',
  },
  channel_namespace: entry<{ allowed: readonly string[] }>({
    en: ({ allowed }, { either }) => `does not begin with one of ${either(allowed)}`,
    pt: ({ allowed }, { either }) => `não começa com ${either(allowed)}`,
    es: ({ allowed }, { either }) => `no empieza con ${either(allowed)}`,
  }),
  channel_no_id: entry<{ namespace: string }>({
    en: ({ namespace }) => `${namespace} takes no id`,
    pt: ({ namespace }) => `${namespace} não leva id`,
    es: ({ namespace }) => `${namespace} no lleva id`,
  }),
  channel_id: entry<{ namespace: string }>({
    en: ({ namespace }) => `${namespace} needs an id`,
    pt: ({ namespace }) => `${namespace} precisa de um id`,
    es: ({ namespace }) => `${namespace} necesita un id`,
  }),
  channel_role: {
    en: 'a private topic names its role: topic:private.<role>.<name>',
    pt: 'um tópico privado indica seu papel: topic:private.<role>.<name>',
    es: 'un tema privado indica su rol: topic:private.<role>.<name>',
  },
  more_variables: entry<{ count: number }>({
    en: ({ count }, { number }) => `has ${number(count)} more that the prompt requires`,
    pt: ({ count }, { number }) => `tem mais ${number(count)} que o prompt exige`,
    es: ({ count }, { number }) => `tiene ${number(count)} más que el prompt exige`,
  }),
  no_finding: {
    en: 'is the id of no finding',
    pt: 'não é o id de um achado',
    es: 'no es el id de ningún hallazgo',
  },
  without_dataset: { en: 'goes without dataset_id', pt: 'vai sem dataset_id', es: 'va sin dataset_id' },
  name_dataset: {
    en: 'name a dataset, or a data_source',
    pt: 'indique um conjunto de dados, ou um data_source',
    es: 'indique un conjunto de datos, o un data_source',
  },
  excel_csv: {
    en: 'is for format=csv alone',
    pt: 'vale só para format=csv',
    es: 'vale solo para format=csv',
  },
  mapping_object: {
    en: 'must be an object of canonical column → source column',
    pt: 'deve ser um objeto de coluna canônica → coluna de origem',
    es: 'debe ser un objeto de columna canónica → columna de origen',
  },
  mapping_column: entry<{ column: string; allowed: readonly string[] }>({
    en: ({ column, allowed }, { either }) => `${column} is none of ${either(allowed)}`,
    pt: ({ column, allowed }, { either }) => `${column} não é ${either(allowed)}`,
    es: ({ column, allowed }, { either }) => `${column} no es ${either(allowed)}`,
  }),
  mapping_source: entry<{ column: string }>({
    en: ({ column }) => `${column} must name a column`,
    pt: ({ column }) => `${column} deve indicar uma coluna`,
    es: ({ column }) => `${column} debe nombrar una columna`,
  }),
  no_file: {
    en: 'the form has no file',
    pt: 'o formulário não tem arquivo',
    es: 'el formulario no tiene archivo',
  },
  no_currency: entry<{ currency: string }>({
    en: ({ currency }) => `${currency} is no ISO 4217 code`,
    pt: ({ currency }) => `${currency} não é um código ISO 4217`,
    es: ({ currency }) => `${currency} no es un código ISO 4217`,
  }),
} as const satisfies Area
