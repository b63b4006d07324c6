import type { Profile } from '../detector.ts'

/** Whether the data can have comparable groups at all. */
export const comparable = (profile: Profile): boolean =>
  Boolean(profile.filled.unit_price && profile.filled.item)

/** Spellings of one unit; what follows the first word (`caixa com 100`) stays as it is. */
const UNIT_SPELLINGS: readonly (readonly [string, string])[] = [
  ['un', 'un|und|unid|unids|unidade|unidades|uni'],
  ['cx', 'cx|caixa|caixas'],
  ['pct', 'pct|pacote|pacotes|pc te'],
  ['pc', 'pc|peca|pecas'],
  ['kg', 'kg|kgs|quilo|quilos|quilograma|quilogramas'],
  ['l', 'l|lt|lts|litro|litros'],
  ['m', 'm|mt|metro|metros'],
  ['fr', 'fr|fra|frasco|frascos'],
  ['h', 'h|hr|hs|hora|horas'],
]

/** A unit named in the description itself, where the file has no unit for the row. */
const UNIT_IN_ITEM =
  '(un|und|unidade|unidades|cx|caixa|caixas|pct|pacote|peca|kg|quilo|litro|litros|frasco|rolo|resma|galao|saco|duzia|hora|diaria|km)'

/** Units that measure nothing: a lump, a service, a budget. */
const LUMP =
  "('sv', 'svc', 'serv', 'servico', 'servicos', 'vb', 'verba', 'gl', 'global', 'diversos', 'outros', 'lote')"

/** Service codes say what is done, not how much of it: they compare only in a physical measure or a numbered post. */
const SERVICE =
  '([0-9]+ )?(outros? )?(prestacao d[eao]s? ' +
  ')?(servicos?|obras?|reformas?|adaptac(ao|oes)|manutenc(ao|oes)|locac(ao|oes)|consultorias?|assessorias?|contratac(ao|oes)|instalac(ao|oes))'
const VAGUE_UNIT = "('un', 'mes', 'meses', 'mensal', 'ano', 'anual', 'contrato')"

const respelled = (text: string): string =>
  UNIT_SPELLINGS.reduce(
    (sql, [unit, spellings]) => `regexp_replace(${sql}, '^(${spellings})( |$)', '${unit}\\2')`,
    text,
  )

/** Whole lines of supply that files give in the place of an item. */
const LINE =
  '([0-9]+ )?(materia(l|is) (de|para) ' +
  '(consumo|expediente|escritorio|limpeza|higiene|construcao|informatica|copa e cozinha)|material ' +
  'permanente|generos alimenticios|diversos|outros( materiais)?|equipamentos?( ' +
  'diversos)?|mobiliario|medicamentos|pecas( e acessorios)?)'

/**
 * SQL of a table of each different `item` and `unit_of_measure` that can be compared, with `grouped`, the
 * folded description and unit that make two prices comparable. Left out: no unit, lumps, generic services,
 * and descriptions that only repeat a category, modality or kind of the file. The item alone groups; a line
 * of supply never does.
 */
export const COMPARABLE = `
  WITH written AS (
    SELECT DISTINCT item, unit_of_measure FROM contracts WHERE unit_price > 0 AND item IS NOT NULL),
  lines AS (
    SELECT fold(category) AS line FROM (SELECT DISTINCT category FROM contracts WHERE category IS NOT NULL)
    UNION SELECT fold(modality) FROM (SELECT DISTINCT modality FROM contracts WHERE modality IS NOT NULL)
    UNION SELECT fold(kind) FROM (SELECT DISTINCT kind FROM contracts WHERE kind IS NOT NULL)),
  read AS (
    SELECT *, ${respelled(`coalesce(nullif(fold(unit_of_measure), ''),
        nullif(regexp_extract(described, '\\b${UNIT_IN_ITEM}\\b'), ''))`)} AS unit
    FROM (SELECT *, fold(item) AS described FROM written))
  SELECT item, unit_of_measure, described || ' [' || unit || ']' AS grouped
  FROM read
  WHERE described <> '' AND unit IS NOT NULL AND split_part(unit, ' ', 1) NOT IN ${LUMP}
    AND described NOT IN (SELECT line FROM lines)
    AND NOT regexp_full_match(described, '${LINE}')
    AND NOT (regexp_matches(described, '^${SERVICE}\\b') AND NOT regexp_matches(ltrim(described,
      '0123456789'), '[0-9]')
      AND unit IN ${VAGUE_UNIT})`
