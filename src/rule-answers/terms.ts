import type { Term } from '../language/answer/terms.ts'
import { fold } from '../language/folding.ts'

/** Words of a message at most, for it to ask only what something means. */
const MOST_WORDS = 20

const NAMES: Readonly<Record<Term, RegExp>> = {
  price_record: /\b(?:(?:atas? de |sistema de )?registros? de precos?|arp|carona|adesa(?:o|oes) a atas?)\b/g,
  amendment:
    /\b(?:termos? aditivos?|aditivos?(?: contratua(?:l|is))?|aditamentos?|amendments?|(?:contract )?addend(?:um|a)|adendas?|modificados?)\b/g,
  auction: /\b(?:preg(?:ao|oes)(?: (?:eletronicos?|presencia(?:l|is)))?|reverse auctions?|subastas?)\b/g,
  competition: /\bconcorrencias?(?: publicas?| eletronicas?)?\b/g,
  price_taking: /\btomadas? de precos?\b/g,
  invitation: /\b(?:cartas?[ -])?convites?\b/g,
  waiver: /\bdispensas?(?: de licitac(?:ao|oes))?\b/g,
  sole_source: /\b(?:inexigibilidades?(?: de licitacao)?|inexigive(?:l|is))\b/g,
  direct_award:
    /\b(?:contratac(?:ao|oes) diretas?|compras? diretas?|adjudicac(?:ion|iones) directas?|direct(?:ly)? award(?:s|ed|ing)?|direct (?:contract|purchas)(?:ing|es?|s)?)\b/g,
  minor_contract: /\bcontratos? menor(?:es)?\b/g,
  open_procedure:
    /\b(?:open (?:procedures?|tenders?|bidding)|procedimientos? abiertos?|procedimentos? abertos?)\b/g,
  negotiated:
    /\b(?:(?:procedimientos? )?negociados? sin publicidad|negotiated (?:procedures?|without publicity)|procedimentos? negociados?)\b/g,
  framework: /\b(?:framework (?:agreements?|contracts?)|frameworks?|acuerdos? marco|acordos?[ -]quadro)\b/g,
  accreditation: /\bcredenciamentos?\b/g,
  commitment: /\b(?:notas? de empenho|empenhos?)\b/g,
  notice: /\b(?:edita(?:l|is)|tender notices?|pliegos?)\b/g,
  tender: /\b(?:licitac(?:ao|oes|ion|iones)|(?:public )?tender(?:s|ing)?|(?:competitive )?bidding)\b/g,
}

const ASKS =
  /\b(?:o q(?:ue)? (?:e|eh|sao|seria|significa\w*|quer dizer)|que (?:es|son|significa\w*|quiere decir)|what(?:'?s| is| are| does| do)|defin\w+|significad\w+|meaning|diferenca|diferencia|difference|differ|como (?:e que )?funciona\w*|how (?:does|do|is|are)|expli\w+|explain|quando (?:se )?(?:usa|e usad\w+|pode)|cuando se usa|when (?:is|are|can)|(?:para|pra) que serve\w*|para que sirve\w*|conceito de|concepto de)\b/g
/** Words that add nothing to what a question for a meaning asks. */
const SMALL =
  /\b(?:o|a|os|as|um|uma|uns|de|do|da|dos|das|del|el|la|los|las|un|una|the|an?|of|in|on|for|to|em|no|na|nas|nos|en|e|y|and|or|ou|entre|between|from|qual|quais|cual|que|what|hay|ha|there|termos?|terms?|palavras?|words?|mean|means|work|works|used|afinal|mesmo|exatamente|exactly|exactamente|isso|por favor|please|oi|ola|hola|hi|hello|bom|boa|dia|tarde|noite|me|mim|pra|para|gostaria|queria|quero|saber|de saber|poderia|pode|can|could|you|tell|compras?|publicas?|public|procurement|contratac(?:ao|oes|ion)|contratos?|contracts?|modalidades?|leigo|simples|simple|palabras?|direito|that|it|is|isto|es|eh|se|chama\w*|tal|brasil|brazil|lei|law|ley|entender|entendi|nao|sei|understand|entiendo|no|would|like|know|uno|otro|outro|other)\b/g

/** Returns the terms whose meaning a message asks for, and nothing else; none where it asks for something of the data. */
export const termsAsked = (message: string): Term[] => {
  if (message.split(/\s+/).length > MOST_WORDS) return []
  let rest = fold(message.normalize('NFC'))
  const asks = rest.replace(ASKS, ' ')
  if (asks === rest) return []
  rest = asks
  const found: { term: Term; at: number }[] = []
  for (const [term, names] of Object.entries(NAMES) as [Term, RegExp][])
    rest = rest.replace(names, (name, ...places) => {
      if (!found.some((one) => one.term === term)) found.push({ term, at: places.at(-2) as number })
      return ' '.repeat(name.length)
    })
  if (/[\p{L}\d]/u.test(rest.replace(SMALL, ' '))) return []
  return found.sort((a, b) => a.at - b.at).map(({ term }) => term)
}
