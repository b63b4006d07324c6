import { folded } from '../../language/folding.ts'

/** Abbreviations in portals' column names, and the words that they stand for. */
const WORDS: Readonly<Record<string, string>> = {
  nr: 'numero',
  nro: 'numero',
  num: 'numero',
  no: 'numero',
  nu: 'numero',
  number: 'numero',
  dt: 'data',
  dat: 'data',
  datas: 'data',
  fechas: 'data',
  dates: 'data',
  fecha: 'data',
  date: 'data',
  vl: 'valor',
  vlr: 'valor',
  val: 'valor',
  vr: 'valor',
  value: 'valor',
  monto: 'valor',
  importe: 'valor',
  amount: 'valor',
  montante: 'valor',
  cuantia: 'valor',
  valores: 'valor',
  vltotal: 'valor total',
  cod: 'codigo',
  cd: 'codigo',
  code: 'codigo',
  clave: 'codigo',
  co: 'codigo',
  ds: 'descricao',
  desc: 'descricao',
  dsc: 'descricao',
  descr: 'descricao',
  descripcion: 'descricao',
  description: 'descricao',
  especificacao: 'descricao',
  especificacion: 'descricao',
  nm: 'nome',
  nom: 'nome',
  nombre: 'nome',
  name: 'nome',
  nomes: 'nome',
  denominacao: 'nome',
  nme: 'nome',
  qt: 'quantidade',
  qtd: 'quantidade',
  qtde: 'quantidade',
  quant: 'quantidade',
  cantidad: 'quantidade',
  quantity: 'quantidade',
  qty: 'quantidade',
  qde: 'quantidade',
  forn: 'fornecedor',
  fonecedor: 'fornecedor',
  proveedor: 'fornecedor',
  supplier: 'fornecedor',
  vendor: 'fornecedor',
  fornecedores: 'fornecedor',
  proveedores: 'fornecedor',
  suppliers: 'fornecedor',
  recipient: 'fornecedor',
  contractor: 'contratado',
  contratada: 'contratado',
  contratista: 'contratado',
  contratados: 'contratado',
  contratadas: 'contratado',
  credora: 'credor',
  favorecida: 'favorecido',
  beneficiario: 'favorecido',
  beneficiaria: 'favorecido',
  adjudicatario: 'contratado',
  adjudicataria: 'contratado',
  vencedora: 'vencedor',
  contr: 'contrato',
  contract: 'contrato',
  contracts: 'contrato',
  contratos: 'contrato',
  ctr: 'contrato',
  ct: 'contrato',
  proc: 'processo',
  proceso: 'processo',
  process: 'processo',
  processos: 'processo',
  expediente: 'processo',
  tp: 'tipo',
  type: 'tipo',
  st: 'situacao',
  sit: 'situacao',
  status: 'situacao',
  estatus: 'situacao',
  estado: 'situacao',
  state: 'situacao',
  unid: 'unidade',
  und: 'unidade',
  unidad: 'unidade',
  un: 'unidade',
  uni: 'unidade',
  unit: 'unidade',
  unidades: 'unidade',
  orgaos: 'orgao',
  organismo: 'orgao',
  org: 'orgao',
  entidad: 'entidade',
  entity: 'entidade',
  institucion: 'instituicao',
  institution: 'instituicao',
  organisation: 'orgao',
  organization: 'orgao',
  agency: 'orgao',
  authority: 'orgao',
  objecto: 'objeto',
  obj: 'objeto',
  object: 'objeto',
  obejto: 'objeto',
  title: 'titulo',
  inic: 'inicio',
  ini: 'inicio',
  start: 'inicio',
  begin: 'inicio',
  fin: 'fim',
  end: 'fim',
  termino: 'fim',
  encerramento: 'fim',
  vencimento: 'fim',
  venc: 'fim',
  vencimiento: 'fim',
  terminacion: 'fim',
  expiration: 'fim',
  conclusao: 'fim',
  vig: 'vigencia',
  vigente: 'atual',
  period: 'vigencia',
  periodo: 'vigencia',
  ejecucion: 'vigencia',
  ejec: 'vigencia',
  firma: 'assinatura',
  assin: 'assinatura',
  ass: 'assinatura',
  signed: 'assinatura',
  signature: 'assinatura',
  suscripcion: 'assinatura',
  celebracao: 'assinatura',
  assinado: 'assinatura',
  signing: 'assinatura',
  category: 'categoria',
  modalidad: 'modalidade',
  procedimiento: 'procedimento',
  modality: 'modalidade',
  mod: 'modalidade',
  lic: 'licitacao',
  licit: 'licitacao',
  licitacion: 'licitacao',
  pub: 'publicacao',
  publ: 'publicacao',
  publicacion: 'publicacao',
  published: 'publicacao',
  unitaria: 'unitario',

  precio: 'preco',
  price: 'preco',
  prices: 'preco',
  initial: 'inicial',
  original: 'inicial',
  originario: 'inicial',
  originaria: 'inicial',
  current: 'atual',
  actual: 'atual',
  atualizada: 'atualizado',
  atualiz: 'atualizado',
  adit: 'aditivo',
  formalizacion: 'formalizacao',
  organo: 'orgao',
  actualizado: 'atualizado',
  updated: 'atualizado',
  corrigido: 'atualizado',
  estimated: 'estimado',
  estimada: 'estimado',
  estimativa: 'estimado',
  estimativo: 'estimado',
  reference: 'referencia',
  referencial: 'referencia',
  homologada: 'homologado',
  adjudicada: 'adjudicado',
  awarded: 'adjudicado',
  award: 'adjudicacao',
  adjudicacion: 'adjudicacao',
  awards: 'adjudicacao',
  contratante: 'contratante',
  comprador: 'comprador',
  buyer: 'comprador',
  purchaser: 'comprador',
  registro: 'registro',
  mensual: 'mensal',
  monthly: 'mensal',
  parcelas: 'parcela',
  cuota: 'parcela',
  instalment: 'parcela',
  installment: 'parcela',
  itens: 'item',
  items: 'item',

  produto: 'item',
  producto: 'item',
  product: 'item',
  razon: 'razao',
  identificacion: 'identificacao',
  identifier: 'identificacao',
  identificador: 'identificacao',
  documento: 'documento',
  doc: 'documento',
  measure: 'medida',
  celebracion: 'assinatura',
  formalitzacio: 'formalizacao',
  rz: 'razao',
  sg: 'sigla',
  txt: '',
  tx: '',
  ide: 'id',
  ind: 'indicador',
  cnpjcpf: 'cpf cnpj',
  cpfcnpj: 'cpf cnpj',
  adjudicatarios: 'contratado',
  adjudicante: 'contratante',
  department: 'orgao',
  council: 'orgao',
  expiry: 'fim',
  expires: 'fim',
  importo: 'valor',
  oggetto: 'objeto',
  aggiudicatario: 'contratado',
  aggiudicatari: 'contratado',
  aggiudicataria: 'contratado',
  aggiudicazione: 'adjudicacao',
  aggiudicato: 'adjudicado',
  contratto: 'contrato',
  fornitore: 'fornecedor',
  codice: 'codigo',
  denominazione: 'nome',
  ragione: 'razao',
  sociale: 'social',
  descrizione: 'descricao',
  stipula: 'assinatura',
  inizio: 'inicio',
  pubblicazione: 'publicacao',
  quantita: 'quantidade',
  prezzo: 'preco',
  procedura: 'procedimento',
}

/** Words that some files' names join without a space: `numerocontrato`, `razaonomecontratado`. */
const GLUED: readonly string[] = [
  ...Object.keys(WORDS).filter((word) => word.length > 3),
  ...new Set(Object.values(WORDS).filter((word) => word.length > 3 && !word.includes(' '))),
  ...'cnpj,cpf,nif,ruc,rut,nit,ano,mes,uf,objeto,orgao,contrato,contratado,contratante,razao,social,nome,inicio,fim,vigencia,publicacao,assinatura,licitacao,fornecedor,soles,pesos,reais,euros,compra,empenho,situacao,modalidade,processo,unidade,gestora,item,total,inicial,final,global,unitario,endereco,bairro,cidade,municipio,sequencial,origem,exercicio'.split(
    ',',
  ),
].sort((a, b) => b.length - a.length)
const SHORTEST_GLUED = 9
/** Abbreviations that may precede them without a space. */
const SHORT: readonly string[] = ['id', 'nr', 'no', 'vl', 'vr', 'dt', 'cd', 'nm', 'ds', 'tp', 'qt']

/** Splits a word into the known words of which it consists; returns the word itself where it does not. */
function parted(word: string): string[] {
  if (word.length < SHORTEST_GLUED || Object.hasOwn(WORDS, word) || GLUED.includes(word)) return [word]
  const short = SHORT.find((prefix) => word.startsWith(prefix))
  const rest = short ? partsOf(word.slice(short.length)) : null
  return partsOf(word) ?? (short && rest ? [short, ...rest] : [word])
}

function partsOf(word: string): string[] | null {
  if (word === '') return []
  for (const known of GLUED) {
    if (!word.startsWith(known)) continue
    const rest = partsOf(word.slice(known.length))
    if (rest) return [known, ...rest]
  }
  return null
}

const STOP = new Set(
  'de da do das dos del la el los las of the a o e em para pra por y and na ao à en'.split(' '),
)

/** Returns a header folded, with the signs of abbreviations written out: `nº` becomes `no`. */
export function fold(text: string): string {
  return folded(text.normalize('NFKC'))
}

/**
 * Returns a column name in the lexicon's words: `VL_CONTRATO`, `vlContrato` and `Valor do Contrato` all become
 * `valor contrato`. Case, `nº`, camel case, snake case, accents and small words do not count, and English and
 * Spanish words of the same meaning become the Portuguese one.
 */
export function headerWords(name: string): string {
  const spaced = name
    .replace(/\[[^\]]*\|[^\]]*\]|\(\p{Lu}\)$/gu, ' ')
    .replace(/\b[nN]\s?\.?\s?[º°ª]\.?|#/g, ' numero ')
    .replace(/[º°ª]/g, '')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L}{4})(\p{N})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
  const words: string[] = []
  for (const glued of fold(spaced).split(' ')) {
    for (const word of parted(glued)) {
      if (STOP.has(word)) continue
      const meant = Object.hasOwn(WORDS, word) ? WORDS[word] : word
      if (meant && words.at(-1) !== meant) words.push(meant)
    }
  }
  return words.join(' ')
}
