import type { Language } from '../language.ts'

/** Terms of public purchasing whose meaning is told. */
export const TERMS = {
  tender: {
    en: '**Tender**: a public body announces what it wants to buy, and chooses among the offers by rules that were told before. In Brazil, *licitação*, under Lei 14.133/2021 (before it, Lei 8.666/1993).',
    pt: '**Licitação**: o órgão público anuncia o que quer comprar e escolhe entre as propostas por regras ditas antes. Rege-a a Lei 14.133/2021 (antes, a Lei 8.666/1993).',
    es: '**Licitación**: el organismo público anuncia lo que quiere comprar y elige entre las ofertas con reglas dichas antes. En España la rige la Ley 9/2017; en Brasil, la Lei 14.133/2021.',
  },
  auction: {
    en: '**Pregão**: the Brazilian tender for common goods and services, decided by the lowest price or the greatest discount, usually online in rounds of lower and lower bids (Lei 14.133/2021, art. 6 XLI).',
    pt: '**Pregão**: modalidade de licitação para bens e serviços comuns, decidida pelo menor preço ou maior desconto, em geral eletrônica, com lances sucessivos (Lei 14.133/2021, art. 6º, XLI).',
    es: '**Pregão**: la licitación brasileña para bienes y servicios comunes, que se decide por el menor precio o el mayor descuento, en general en línea y con pujas sucesivas (Lei 14.133/2021, art. 6 XLI).',
  },
  competition: {
    en: '**Concorrência**: the Brazilian tender for special goods and services and for works and engineering (Lei 14.133/2021, art. 6 XXXVIII).',
    pt: '**Concorrência**: modalidade de licitação para bens e serviços especiais e para obras e serviços de engenharia (Lei 14.133/2021, art. 6º, XXXVIII).',
    es: '**Concorrência**: la licitación brasileña para bienes y servicios especiales y para obras e ingeniería (Lei 14.133/2021, art. 6 XXXVIII).',
  },
  price_taking: {
    en: '**Tomada de preços**: a tender of the older Brazilian law, for medium values, among suppliers that were registered or met its conditions by the third day before the offers (Lei 8.666/1993, art. 22 §2); the new law does not have it.',
    pt: '**Tomada de preços**: modalidade da lei antiga, para valores médios, entre interessados cadastrados ou que atendessem às condições até o terceiro dia antes das propostas (Lei 8.666/1993, art. 22, §2º); a lei nova não a tem.',
    es: '**Tomada de preços**: licitación de la ley brasileña anterior, para valores medios, entre interesados registrados o que cumplieran las condiciones hasta el tercer día antes de las ofertas (Lei 8.666/1993, art. 22 §2); la ley nueva no la tiene.',
  },
  invitation: {
    en: '**Convite**: a tender of the older Brazilian law, for small values, to which the body invited at least three suppliers (Lei 8.666/1993, art. 22 §3); the new law does not have it.',
    pt: '**Convite**: modalidade da lei antiga, para valores pequenos, em que o órgão convidava ao menos três interessados (Lei 8.666/1993, art. 22, §3º); a lei nova não a tem.',
    es: '**Convite** (carta invitación): licitación de la ley brasileña anterior, para valores pequeños, a la que el organismo invitaba al menos a tres interesados (Lei 8.666/1993, art. 22 §3); la ley nueva no la tiene.',
  },
  waiver: {
    en: '**Dispensa**: a tender would be possible, but the law allows doing without: for a low value, an emergency, a tender to which nobody came (Lei 14.133/2021, art. 75).',
    pt: '**Dispensa de licitação**: haveria como licitar, mas a lei permite contratar sem: por baixo valor, emergência, licitação sem interessados (Lei 14.133/2021, art. 75).',
    es: '**Dispensa**: se podría licitar, pero la ley brasileña permite contratar sin ello: por bajo valor, emergencia o una licitación sin interesados (Lei 14.133/2021, art. 75).',
  },
  sole_source: {
    en: '**Inexigibilidade**: nobody could compete, so that no tender is possible: a sole supplier, an artist, a specialist of notable knowledge (Lei 14.133/2021, art. 74).',
    pt: '**Inexigibilidade**: não há como competir, e por isso não se licita: fornecedor exclusivo, artista consagrado, serviço técnico de notória especialização (Lei 14.133/2021, art. 74).',
    es: '**Inexigibilidade**: no hay competencia posible, y por eso no se licita: proveedor exclusivo, artista, especialista notorio (Lei 14.133/2021, art. 74).',
  },
  direct_award: {
    en: '**Direct award**: a contract given to a chosen supplier without competition, where the law allows it. In Brazil, *dispensa* and *inexigibilidade* are direct awards.',
    pt: '**Contratação direta**: contrato dado a um fornecedor escolhido, sem competição, quando a lei permite. São as dispensas e as inexigibilidades.',
    es: '**Adjudicación directa**: contrato que se da a un proveedor elegido, sin competencia, cuando la ley lo permite, como el contrato menor en España.',
  },
  minor_contract: {
    en: '**Contrato menor**: in Spain, a contract below €40,000 (works) or €15,000 (supplies and services), without VAT, that may be given directly, for a year at most (Ley 9/2017, arts. 29 and 118).',
    pt: '**Contrato menor**: na Espanha, contrato abaixo de 40.000 € (obras) ou 15.000 € (compras e serviços), sem IVA, que pode ser dado diretamente, por no máximo um ano (Ley 9/2017, arts. 29 e 118).',
    es: '**Contrato menor**: en España, el de valor inferior a 40.000 € (obras) o 15.000 € (suministros y servicios), sin IVA, que puede adjudicarse directamente, por un año como máximo (Ley 9/2017, arts. 29 y 118).',
  },
  open_procedure: {
    en: '**Open procedure**: a tender in which every interested supplier may make an offer.',
    pt: '**Procedimento aberto**: licitação em que todo interessado pode apresentar proposta.',
    es: '**Procedimiento abierto**: licitación en la que todo interesado puede presentar una oferta (Ley 9/2017, art. 156).',
  },
  negotiated: {
    en: '**Negotiated procedure without publicity**: the body agrees on the terms with suppliers that it chooses, without announcing the contract, in cases that the law names.',
    pt: '**Procedimento negociado sem publicidade**: o órgão combina as condições com fornecedores que escolhe, sem anunciar o contrato, nos casos que a lei nomeia.',
    es: '**Procedimiento negociado sin publicidad**: el organismo acuerda las condiciones con los proveedores que elige, sin anunciar el contrato, en los casos que la ley nombra (Ley 9/2017, art. 168).',
  },
  framework: {
    en: '**Framework agreement**: terms and prices settled once with one or several suppliers, under which a body then orders what it needs. In Brazil, *registro de preços*.',
    pt: '**Acordo-quadro**: condições e preços acertados uma vez com um ou mais fornecedores, sob os quais o órgão depois pede o que precisa. No Brasil, o sistema de registro de preços é o parente dele.',
    es: '**Acuerdo marco**: condiciones y precios fijados una vez con uno o varios proveedores, con los que el organismo encarga después lo que necesita (Ley 9/2017, art. 219).',
  },
  price_record: {
    en: '**Ata de registro de preços**: in Brazil, the record of prices at which suppliers must deliver when a body orders, which it need not do; valid for a year and renewable (Lei 14.133/2021, arts. 82 to 86). A body that joins another’s record is called *carona*.',
    pt: '**Ata de registro de preços**: registro dos preços pelos quais os fornecedores se obrigam a entregar quando o órgão pedir, o que ele não é obrigado a fazer; vale um ano, prorrogável (Lei 14.133/2021, arts. 82 a 86). O órgão que adere à ata de outro é o *carona*.',
    es: '**Ata de registro de preços**: en Brasil, el registro de los precios a los que los proveedores se obligan a entregar cuando el organismo lo pida; vale un año, prorrogable (Lei 14.133/2021, arts. 82 a 86). Quien se adhiere a la de otro es *carona*.',
  },
  accreditation: {
    en: '**Credenciamento**: the body calls for all who meet its conditions, and contracts each of them on the same terms (Lei 14.133/2021, arts. 6 XLIII and 79).',
    pt: '**Credenciamento**: o órgão chama todos os que atendem às condições e contrata cada um nos mesmos termos (Lei 14.133/2021, arts. 6º, XLIII, e 79).',
    es: '**Credenciamento**: el organismo llama a todos los que cumplen las condiciones y contrata a cada uno en los mismos términos (Lei 14.133/2021, arts. 6 XLIII y 79).',
  },
  amendment: {
    en: '**Amendment** (*aditivo*): a change of a contract’s value, quantity or term after its signature. In Brazil the supplier must accept up to 25 % more or less, 50 % more for the renovation of a building or of equipment (Lei 14.133/2021, art. 125).',
    pt: '**Aditivo** (termo aditivo): mudança do valor, da quantidade ou do prazo de um contrato depois de assinado. O contratado é obrigado a aceitar acréscimos ou supressões de até 25 %, e acréscimos de até 50 % em reforma de edifício ou de equipamento (Lei 14.133/2021, art. 125).',
    es: '**Modificado** (en Brasil, *aditivo*): cambio del valor, de la cantidad o del plazo de un contrato después de firmado. En Brasil el contratista debe aceptar hasta un 25 % más o menos, y hasta un 50 % más en la reforma de un edificio o de equipos (Lei 14.133/2021, art. 125).',
  },
  commitment: {
    en: '**Empenho**: the first stage of public spending in Brazil: a part of the budget is reserved for a creditor. Then come *liquidação*, the check that it was delivered, and the payment (Lei 4.320/1964, arts. 58 to 64).',
    pt: '**Empenho**: o primeiro estágio da despesa pública: reserva-se parte do orçamento para um credor. Depois vêm a liquidação, que confere a entrega, e o pagamento (Lei 4.320/1964, arts. 58 a 64).',
    es: '**Empenho**: la primera etapa del gasto público en Brasil: se reserva parte del presupuesto para un acreedor. Después vienen la *liquidação*, que comprueba la entrega, y el pago (Lei 4.320/1964, arts. 58 a 64).',
  },
  notice: {
    en: '**Edital** (tender notice): the text that announces a tender and holds its rules: what is bought, who may offer, how the winner is chosen.',
    pt: '**Edital**: o texto que anuncia a licitação e traz as suas regras: o que se compra, quem pode participar, como se escolhe o vencedor.',
    es: '**Pliego** (en Brasil, *edital*): el texto con las reglas de una licitación: qué se compra, quién puede ofertar, cómo se elige al ganador.',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>

export type Term = keyof typeof TERMS
