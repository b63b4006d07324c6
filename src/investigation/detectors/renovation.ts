import { unaccented } from '../../language/folding.ts'

const START =
  /^((contratacao|execucao|prestacao|realizacao|servicos?|obras?|empresa|pessoa juridica|especializad[ao]s?|engenharia|tecnic[ao]s?|gerais|comuns?|de|do|da|dos|das|para|em|na|no|a|e|parcial|geral|completa|total|continuidade|remanescente) )*reformas?\b/
const BUILDING =
  /\b(edific\w+|predi\w+|sedes?|escol\w+|creches?|cmei|colegio|universidade|campus|bloco|hospita\w+|maternidade|ubs|upa|unidades? (basica|de saude|escolar|de ensino|de pronto)|postos? (de saude|policial)|clinica|laboratorios?|ginasios?|bibliotecas?|museu|teatro|auditorios?|mercado|terminal|rodoviaria|delegacia|presidio|penitenciaria|cadeia|quartel|batalhao|forum|palacio|camara|prefeitura|secretaria|salas?|telhados?|cobertura|fachadas?|banheiros?|sanitarios?|vestiarios?|alojamentos?|moradia|casas?|residencia|apartamentos?|imove\w+|galpa\w+|almoxarifado|cozinha|refeitorio|restaurante|cras|creas|caps|centro (de|do|da|cultural|administrativo|comunitario|educacional)|instalacoes|andar|pavimento|igreja|capela|estacao)\b/
const EQUIPMENT =
  /\b(equipamentos?|maquin\w+|aparelhos?|elevador(es)?|veiculos?|onibus|caminh\w+|trator(es)?|motor(es)?|motoniveladora|retroescavadeira|ambulancias?|geradores?|gerador|bombas?|transformador(es)?|caldeiras?|compressor(es)?|embarcac\w+|aeronaves?)\b/
const OPEN_AIR =
  /\breformas? (\w+ ){0,3}?(pracas?|parques?|ruas?|avenidas?|estradas?|rodovias?|pontes?|calcadas?|canteiros?|campos?|quadras?|jardi\w+|cemiterios?|vias?)\b/
const OTHER_REFORM =
  /\breformas? (agraria|tributaria|administrativa|curricular|politica|da previdencia|psiquiatrica)/

/**
 * Tells whether the object is itself the renovation of a building or of equipment (*reforma de edifício ou de
 * equipamento*), which may grow by 50 %. Material for it, its design or supervision, new construction, squares and
 * roads may not.
 */
export const isRenovation = (object: string): boolean => {
  const text = unaccented(object)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
  if (!START.test(text) || OPEN_AIR.test(text) || OTHER_REFORM.test(text)) return false
  return BUILDING.test(text) || EQUIPMENT.test(text)
}
