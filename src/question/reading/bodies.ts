/** Words for kinds of public bodies, which do not tell one from another. */
export const BODIES: ReadonlySet<string> = new Set(
  (
    'secretaria ministerio prefeitura camara departamento diretoria governo fundo autarquia orgao unidade instituto fundacao companhia universidade ' +
    'ayuntamiento alcaldia organismo unidad direccion universidad ministry department secretariat municipality council agency office university institute ' +
    'municipal estadual federal nacional estatal state national city town municipio estado concejalia consejeria delegacion gerencia directorate borough sec secr'
  ).split(' '),
)
/** Kinds of bodies of which a place has one, so that the word with its article names it: "the city hall". */
export const ONLY_ONES: ReadonlySet<string> = new Set(
  'prefeitura camara governo universidade instituto tribunal hospital ayuntamiento alcaldia universidad municipality council university institute'.split(
    ' ',
  ),
)
export const LINKS: ReadonlySet<string> = new Set(
  'de da do das dos del la el los las the of a o as os e y and & chamada chamado called named llamada llamado for para'.split(
    ' ',
  ),
)
/** Prepositions that hold an article: what follows them is one known body rather than a thing. */
export const CONTRACTIONS: ReadonlySet<string> = new Set(
  'da do das dos na no nas nos pela pelo pelas pelos pra pro ao aos del by the'.split(' '),
)
export const ARTICLES: ReadonlySet<string> = new Set(
  'esta este desta deste nesta neste essa dessa nessa this da do das dos na no nas nos a o as os ao aos pela pelo pelas pelos pra pro la el los las del al the'.split(
    ' ',
  ),
)
/** Tasks of governments after which the body is called that has them, and which nobody buys. */
export const AREAS: ReadonlySet<string> = new Set(
  (
    'saude educacao cultura turismo agricultura habitacao esporte esportes fazenda planejamento ' +
    'salud educacion vivienda deporte deportes hacienda health education culture housing tourism agriculture'
  ).split(' '),
)
