/** The part that a word of a closed class has in a question, whatever the data is. */
export type Role =
  | 'negation'
  | 'exception'
  | 'bound'
  | 'time'
  | 'ratio'
  | 'vague'
  | 'each'
  | 'both'
  | 'other'
  | 'same'
  | 'either'
  | 'cause'
  | 'beyond'

/**
 * Words that change a figure, folded; a word that ends in `*` is a prefix. Numbers are read by number.ts, and words for
 * measures, ranks and things by words.ts.
 */
const OPERATORS: Readonly<Record<Role, string>> = {
  negation:
    'nao sem nem nunca jamais nenhum nenhuma nenhuns nada ninguem tampouco sin ni nunca ningun ninguno ninguna nadie nada tampoco not without nor neither never none nothing nobody cannot dont doesnt didnt isnt arent wasnt werent hasnt havent wont',
  exception:
    'excecao excepcion exception excluida excluidas excluido excluidos excluded excepto exceptuando exceto salvo fora tirando tire tira tirar excluindo exclua exclui excluir excetuando excetuados excetuadas desconsiderando desconsidere desconsiderar ignorando ignore ignorar descontando desconte descontar deixando deixe retirando retire retirar removendo remova remover afora excepto excluyendo excluye exceptuando descontando quitando quita quitar quite sacando saca descartando aparte except excepting excluding exclude besides barring minus bar omitting omit leaving ignoring drop but outside fuera alem ademas',
  bound:
    'entre acima abaixo ate superior superiores inferior inferiores minimo maximo between above below under over upto debajo encima hasta least excede* ultrapass* superam supera sobrepas* exceed* beneath beyond exatamente exactly exactamente aquem limite faixa intervalo range',
  time: 'weekend weekends weekday weekdays feriado feriados festivo festivos holiday holidays verao inverno outono verano invierno otono summer winter autumn lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday sabados domingos mondays tuesdays wednesdays thursdays fridays saturdays sundays feira feiras legislatura mandato mandatos semestre* trimestre* quadrimestre* cuatrimestre* bimestre* quinzena* quincena* semana* semanal* dia dias diario diaria quarter quarters half week weeks weekly day days daily decada* decade* seculo desde antes depois apos durante since before after until till during partir despues tras ontem ayer yesterday amanha tomorrow manana hoje hoy today inicio comeco fim final finais meados principio principios comienzo mediados finales beginning start end middle mid fiscal fiscais financial janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro enero febrero marzo mayo junio julio septiembre setiembre octubre noviembre diciembre january february march april june july august september october november december passado passada passados passadas anterior anteriores pasado pasada pasados pasadas previous past atual atuais actual actuales current corrente seguinte seguintes proximo proxima proximos proximas siguiente siguientes next retrasado',
  ratio:
    'vezes veces times dobro doble double triplo triple metade mitad half terco tercio third quarto dobrou duplicou triplicou duplico triplico doubled tripled razao ratio desvio desviacion deviation moda percentil quartil cumulativo acumulad* cumulative capita habitante* inhabitant* resident* morador* populac* population poblacion municipe* acumulado inflac* inflation corrigid* ajustad* adjusted desigualdade gini taxa tasa rate indice variancia varianza variance inicial iniciais iniciales initial original originais originales estimado estimados estimada estimadas estimated orcado orcados budgeted',
  vague:
    'cerca aproximadamente aproximado quase perto casi around roughly approximately almost nearly circa alrededor',
  each: 'cada each every per',
  both: 'ambos ambas both tanto',
  other:
    'outro outra outros outras demais resto restante restantes otro otra otros otras demas other others rest remaining remainder else another',
  same: 'continua continuam continuou permanece permanecem remains remained mesmo mesma mesmos mesmas mismo misma mismos mismas same idem repetido repetida repetidos repetidas repeated',
  either: 'either',
  cause: 'porque porques why motivo motivos razon razones reason reasons',
  beyond:
    'replaced replaces substituiu substituiram substituyo sucedeu sucedio falta faltam restam resta deve devem devendo divida dividas deuda deudas debt owed owe owes saldo balance pendente pendentes pendiente pendientes unitario unitarios unitaria litro litros quilo quilos kilo kilos kg unitary aprovou aprovaram aprovado aprovados aprovada aprovadas aprovacao autorizou autorizaram autorizado autorizada assinante aprobo aprobaron aprobado aprobados autorizo autorizaron autorizado approved approve approves approval authorized authorised authorises authorizes legal legais legalidade ilegal ilegais legales ilegales legality illegal lawful unlawful legit legalmente permitido permitida permitidos allowed honesto honesta honestos honest justo justa fair partido partidos political politico politica politicos vereador vereadores prefeito prefeita alcalde alcaldesa alcaldes mayor mayors socio socios dono donos dona proprietario proprietarios dueno duenos propietario owner owners shareholder* funcionario funcionarios empregado empregados empleado empleados employee employees staff endereco telefone telefono direccion address phone email opiniao opinion previsao previsto prevista previstos previstas prever pronostico forecast predict predicted forecasted futuro future esperado expected votou votos vote votes qualidade calidad quality entregue entregues entregaram entregou entregado delivered atraso atrasos atrasado atrasados retraso retrasos late delayed concluida concluidas concluido concluidos',
}

const whole = new Map<string, Role[]>()
const prefixes: [string, Role][] = []
for (const [role, words] of Object.entries(OPERATORS) as [Role, string][])
  for (const word of new Set(words.split(' ')))
    if (word.endsWith('*')) prefixes.push([word.slice(0, -1), role])
    else whole.set(word, [...(whole.get(word) ?? []), role])

/** Returns the roles of a folded word; none for words of open classes. */
export const rolesOf = (word: string): readonly Role[] =>
  whole.get(word) ?? prefixes.filter(([prefix]) => word.startsWith(prefix)).map(([, role]) => role)
