import type { Profile } from '../profile.ts'

/** Tells whether the data has the columns for comparable groups. */
export const comparable = ({ filled }: Profile): boolean =>
  Boolean(
    filled.items ||
      (filled.unit_price && (filled.item || filled.item_code || filled.object || filled.category)),
  )

/** Spellings of each unit; words behind the first one (`caixa com 100`) stay. */
const UNIT_SPELLINGS: readonly (readonly [string, string])[] = [
  ['un', 'un|und|unid|unids|unidade|unidades|uni|unidad|unidades|unit|units|each|ea'],
  ['cx', 'cx|caixa|caixas|caja|cajas|box|boxes'],
  ['pct', 'pct|pacote|pacotes|pc te|paquete|paquetes|pack|packs'],
  ['pc', 'pc|peca|pecas|pieza|piezas|piece|pieces'],
  ['kg', 'kg|kgs|quilo|quilos|quilograma|quilogramas|kilo|kilos|kilogramo|kilogramos|kilogram'],
  ['l', 'l|lt|lts|litro|litros|litre|litres|liter'],
  ['m', 'm|mt|metro|metros|metre|metres|meter'],
  ['fr', 'fr|fra|frasco|frascos'],
  ['h', 'h|hr|hs|hora|horas|hour|hours'],
]

/** Matches a unit in the description itself, for rows without a unit column. */
const UNIT_IN_ITEM =
  '(un|und|unidade|unidades|cx|caixa|caixas|pct|pacote|peca|kg|quilo|litro|litros|frasco|rolo|resma|galao|saco|duzia|hora|diaria|km)'

/** Matches units that measure nothing: a lump, a service, a budget. */
const LUMP =
  "('sv', 'svc', 'serv', 'servico', 'servicos', 'servicio', 'servicios', 'service', 'vb', 'verba', 'gl', 'global', 'diversos', 'outros', 'otros', 'lote', 'lot')"

/** Matches descriptions of services: they can be compared only in a physical measure or as a numbered post. */
const SERVICE =
  '([0-9]+ )?(outros? )?(prestacao d[eao]s? ' +
  ')?(servicos?|servicios?|services?|obras?|reformas?|adaptac(ao|oes)|manutenc(ao|oes)|locac(ao|oes)|consultorias?|assessorias?|contratac(ao|oes)|instalac(ao|oes))'
const VAGUE_UNIT = "('un', 'mes', 'meses', 'mensal', 'ano', 'anual', 'contrato')"

const respelled = (text: string): string =>
  UNIT_SPELLINGS.reduce(
    (sql, [unit, spellings]) => `regexp_replace(${sql}, '^(${spellings})( |$)', '${unit}\\2')`,
    text,
  )

/** Matches descriptions of whole lines of supply, which files have in place of an item. */
const LINE =
  '([0-9]+ )?(materia(l|is) (de|para) ' +
  '(consumo|expediente|escritorio|limpeza|higiene|construcao|informatica|copa e cozinha)|material ' +
  'permanente|generos? aliment[a-z]+|diversos|outros( materiais)?|bens( de consumo)?|compras|equipamentos?( ' +
  'diversos)?|mobiliario|medicamentos|pecas( e acessorios)?|limpeza|expediente|higiene|informatica|alimentacao|saude|educacao)'

/** SQL of what is one purchase: the rows of one process, else those of one contract. */
const PURCHASE = `hash(coalesce('process ' || process_key, contract_key))`

/**
 * SQL of the priced things of the table `contracts`: a row's own, and each item of a row of several items
 * (`position` from 1). `place`, the table's rowid, identifies the row.
 */
export const THINGS = `(
  SELECT rowid AS place, 0 AS position, ${PURCHASE} AS purchase, money, item, item_code, unit_of_measure, object, category, unit_price,
    reference_price, CASE WHEN quantity > 0 THEN quantity WHEN abs(value - unit_price) < 0.005 THEN 1 END AS quantity
  FROM contracts WHERE unit_price > 0 AND items IS NULL
  UNION ALL
  SELECT place, position, purchase, money, one.item, one.item_code, one.unit_of_measure, NULL, NULL, one.unit_price,
    one.reference_price, CASE WHEN one.quantity > 0 THEN one.quantity END
  FROM (SELECT rowid AS place, ${PURCHASE} AS purchase, money, unnest(items) AS one, unnest(range(1, len(items) + 1)) AS position
    FROM contracts WHERE items IS NOT NULL)
  WHERE one.unit_price > 0)`

/**
 * SQL of the names by which a priced thing can be compared, in this order (`rank`): its item, else its code, object
 * and category.
 */
const NAMED = `
  SELECT place, position, purchase, money, unit_price, unit_of_measure, 1 AS rank, item AS name FROM ${THINGS}
  WHERE item IS NOT NULL
  UNION ALL
  SELECT place, position, purchase, money, unit_price, unit_of_measure, 2, item_code FROM ${THINGS}
  WHERE item IS NULL AND item_code IS NOT NULL
    AND NOT coalesce(regexp_matches(fold(coalesce(object, category)), '^(${SERVICE}|${LINE}$)'), false)
  UNION ALL
  SELECT place, position, purchase, money, unit_price, unit_of_measure, 3, object FROM ${THINGS}
  WHERE item IS NULL AND object IS NOT NULL
  UNION ALL
  SELECT place, position, purchase, money, unit_price, unit_of_measure, 4, category FROM ${THINGS}
  WHERE item IS NULL AND category IS NOT NULL`

/**
 * SQL of a table of each different name and `unit_of_measure` that can be compared, with `grouped`, the folded name
 * and unit that make two prices comparable, its number `id`, and `stated`, whether there is a unit. Excluded are
 * lumps, generic services, lines of supply, and names that only repeat a modality or kind of the file, or, for
 * items, a category.
 */
export const COMPARABLE = `
  WITH written AS (SELECT DISTINCT rank, name, unit_of_measure FROM (${NAMED})),
  lines AS (
    SELECT 1 AS upto, fold(category) AS line FROM (SELECT DISTINCT category FROM contracts WHERE category IS NOT NULL)
    UNION SELECT 4, fold(modality) FROM (SELECT DISTINCT modality FROM contracts WHERE modality IS NOT NULL)
    UNION SELECT 4, fold(kind) FROM (SELECT DISTINCT kind FROM contracts WHERE kind IS NOT NULL)),
  read AS (
    SELECT *, ${respelled(`coalesce(nullif(fold(unit_of_measure), ''),
        nullif(regexp_extract(described, '\\b${UNIT_IN_ITEM}\\b'), ''))`)} AS unit
    FROM (SELECT *, fold(name) AS described FROM written))
  SELECT rank, name, unit_of_measure, described || coalesce(' [' || unit || ']', '') AS grouped,
    unit IS NOT NULL AS stated, dense_rank() OVER (ORDER BY rank, described, unit) AS id
  FROM read
  WHERE described <> '' AND split_part(coalesce(unit, ''), ' ', 1) NOT IN ${LUMP}
    AND NOT EXISTS (SELECT 1 FROM lines WHERE line = described AND rank <= upto)
    AND NOT regexp_full_match(described, '${LINE}')
    AND NOT (regexp_matches(described, '^${SERVICE}\\b') AND NOT regexp_matches(ltrim(described,
      '0123456789'), '[0-9]')
      AND coalesce(unit, 'un') IN ${VAGUE_UNIT})`

/**
 * SQL of the named prices in groups that are large enough; it has few columns, since it may have most rows of the
 * file.
 */
export const PRICED = `
  WITH known AS (
    SELECT place, position, purchase, money, rank, k.id, unit_price AS paid
    FROM (${NAMED}) n JOIN comparable k USING (rank, name)
    WHERE k.unit_of_measure IS NOT DISTINCT FROM n.unit_of_measure)
  SELECT place, position, purchase, money, rank, id, paid, ln(paid) AS logged FROM known
  QUALIFY count(*) OVER (PARTITION BY id, money) >= $rows`
