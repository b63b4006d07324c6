import type { Language } from '../../language/language.ts'

/** The meaning that a word has in a question. */
export type Concept = keyof (typeof WORDS)['pt']

/**
 * Folded words by language and concept; a word that ends in `*` is a prefix. `kind` words say what follows them:
 * "the company X". Names, amounts, periods and things bought are read by other means.
 */
export const WORDS = {
  pt: {
    contracts:
      'contrato contratos contratacao contratacoes compra compras licitac* licitad* aquisic* empenho empenhos processo processos pagamento pagamentos ' +
      'negocio negocios acordo acordos contratual contratuais aditivo aditivos servico servicos',
    suppliers:
      'fornecedor fornecedora fornecedores fornecedoras empresa empresas credor credores ' +
      'vencedor vencedora vencedores vencedoras prestador prestadora prestadores firma firmas companhias empreiteira empreiteiras beneficiari* favorecid*',
    buyers:
      'orgao orgaos comprador compradores compradora contratante contratantes entidade entidades prefeitura prefeituras municipio municipios ' +
      'ente entes instituicao instituicoes autarquia autarquias',
    units:
      'secretaria secretarias unidade unidades ministerio ministerios departamento departamentos setor setores campus campi uasg diretoria diretorias pasta pastas',
    categories: 'categoria categorias natureza naturezas',
    findings:
      'anomalia* irregularidade* achado achados alerta alertas suspeit* indicio indicios inconsistencia* problema problemas sinalizad* marcado marcados marcada marcadas risco riscos estranh* esquisit*',
    modality: 'modalidade modalidades procedimento procedimentos',
    year: 'ano anos anual anuais anualmente',
    month: 'mes meses mensal mensais mensalmente',
    value:
      'recurso recursos faturamento valor valores gasto gastos despesa despesas dinheiro montante custo custos preco precos verba verbas gastar quantia cifra orcamento',
    spent:
      'saiu sairam gastado gastou gasta gastam gastaram gastando torrou torraram gastamos compramos pagamos contratamos comprado comprados comprada compradas adquirido adquiridos adquirida adquiridas pago pagos paga pagas repassado repassados repassou transferido transferidos contratado contratada contratados contratadas comprou compraram compram comprando contratou contrataram contratam contrata pagou pagaram paga pagam pagar ' +
      'desembolsou desembolsaram desembolsado desembolsados desembolsada investido investidos investida despendido despendidos investiu investiram adquiriu adquiriram consumiu consumiram custou custaram custam custa demandou',
    received:
      'entrou entraram faturado vendido fornecido recebido embolsado atende atendem atendeu atenderam consome consomem abocanhou abocanha abocanharam embolsa faturando movimenta movimentam movimentou movimentaram recebeu recebe recebem receberam recebendo ganhou ganha ganham ganharam faturou faturaram fatura faturam levou levaram leva levam vendeu vende vendem venderam vendendo ' +
      'forneceu fornece fornecem forneceram embolsou embolsaram lucrou lucraram prestou presta prestam prestaram venceu venceram fez fizeram executou executa executam',
    howmany: 'qts qtos qntos qntas qnts quantos quantas quantidade numero contagem qtd qtde qtos qtas',
    howmuch:
      'quanto qto qnto qnt somaram somado somada totalizaram total totais soma somam somou somar somados somadas somatorio totaliza totalizam totalizou',
    mean: 'media medio medios medias',
    median: 'mediana mediano',
    share:
      'cento peso porcentagem percentual percentuais porcento fatia parcela proporcao participacao fracao representa representam representou corresponde',
    largest:
      'pico alto maior maiores principal principais lidera lideram lider lideres ranking caro caros cara caras altos altas campeao campeoes campea maximo vultosos vultoso expressivos topo dominam domina dominou dominante dominantes concentra concentram concentrou',
    smallest: 'menor menores barato baratos barata baratas minimo baixos baixas',
    most: 'mais top',
    least: 'menos',
    newest: 'recente recentes recentemente novo novos nova novas ultimo ultimos ultima ultimas',
    oldest: 'antigo antigos antiga antigas velho velhos velha velhas',
    list: 'traz puxa puxe exibe mostrem listem enumera relaciona bota joga liste listar lista listagem mostre mostra mostrar quais qual exiba exibir veja ver apresente relacione traga me',
    growth:
      'cresceu cresceram crescimento evolucao evoluiu evoluiram tendencia aumento aumentou aumentaram crescendo aumentando subindo evoluindo crescido subiu subiram aumenta aumentam sobe sobem historico serie variou alta',
    fall: 'caiu cairam cai caem queda diminuiu diminuiram diminuem reduzem cortou cortaram reduziu reduziram reducao encolheu encolheram',
    change: 'diferenca variacao mudou mudanca mudancas',
    compare:
      'compare comparar compara comparacao comparando comparado comparada comparados versus vs x contra',
    summary:
      'relatorio relatorios resumo resuma resumir perfil panorama estatistica* detalhe detalhes detalhar detalhe fale conte descreva historia ficha dados informacoes numeros visao geral',
    who: 'quem qm',
    each: 'por cada',
    missing: 'sem',
    except: 'exceto salvo fora excluindo desconsiderando tirando ignorando',
    different: 'diferentes distintos distintas unicos unicas',
    and: 'e mas agora',
    only: 'so somente apenas exclusivo exclusiva exclusivos exclusivas',
    chart: 'grafico graficos plote diagrama visualizacao',
    filler:
      'disso oq ta tao tava tavam assina assinam pegou pegaram pega pegam separa separe separar agrupa agrupe agrupar desceu desceram discriminado discriminada discriminados discriminadas detalhado detalhada detalhados detalhadas dividido dividida divididos divididas agrupado agrupada agrupados agrupadas organizado organizada organizados organizadas desdobrado desdobrada somando gente aih ae mande manda d eh pfv digo passa inteira inteiro ticket tabela tabelas faz fazem nesses nessas mto mta mtos muitas bolso informe informem informar informa indique indicar indica enumere enumerar discrimine discriminar relacione apresente apresentar desejo desejaria exijo indago conhecer senhor senhora senhores vossa excelencia servidor c p pct possui possuem celebrou coube couberam colocado colocada posicao restrinja restringir comecar destinou destinaram rendeu renderam lhe lhes algo completa completo respectivo respectivos respectiva respectivas cadastrados presentes disponiveis disponivel devidamente bem atualmente referidos citados ocorreram ocorreu aconteceu realmente basicamente apenas detalhadamente valores tudo informado informada informados informadas ordena ordene mano solicitar grato grata prezados vamos vou q vcs aparece aparecem consta constam figura figuram ficaram ficou ficar pls w troca troque trocar muda mude mudar sai saem solicito requeiro peco favor contar considerar incluir contando considerando incluindo busco procuro a o as os um uma uns umas de da do das dos em no na nos nas num numa com para pra pro pras pros ao aos que e ou eu voce voces vc me meu minha meus minhas seu sua seus suas ' +
      'nosso nossa foi foram sao esta estao estava tem tinha ter teve tiveram ha houve existe existem existiu existiram pode poderia posso quero queria gostaria preciso saber favor hoje aqui ai la ' +
      'se ja nao sim este esta estes estas esse essa esses essas isso isto aquele aquela aqueles aquelas deste desta destes destas desse dessa desses dessas nesse nessa neste nesta ' +
      'pelo pela pelos pelas por ate entre desde sobre apos onde quando como todo toda todos todas tudo muito muita muitos cada ser sera sendo era eram bem agora entao ainda tambem ' +
      'ele ela eles elas dele dela deles delas nele nela neles nelas lhe lhes dizer diga diz informe informar consegue conseguir poderiam vai vao vem vinha ir quais qual oi ola bom boa dia tarde noite obrigado obrigada ' +
      'conjunto base arquivo planilha amostra dataset publico publica publicos publicas governo tipo tipos junto juntos juntas firmou firmados firmado firmaram assinado assinados assinada assinadas assinou assinaram ' +
      'feito feitos feita feitas realizado realizados realizada realizadas realizou celebrado celebrados celebrou registrado registrados cadastrado cadastrados aconteceu aconteceram houveram fechado fechados fechou ' +
      'nome nomes coisa coisas algum alguma alguns algumas qualquer quaisquer mesmo mesma mesmos meio mostrar mostre achar ache encontre encontrar busque buscar procure procurar pesquise pesquisar consulte consultar ' +
      'relacionado relacionados relacionada relacionadas referente referentes relativo relativos relativa envolvendo envolvem envolve usado usados destinado destinados destinada dizem respeito falam fala tratam trata ' +
      'reais real brl r rs moeda vigencia data datas objeto objetos item itens produto produtos cidade municipal favor porque pois assim etc ok opa deu usou sido estar outro outra outros outras dentre dentro vezes vez ' +
      'alguem tanto quanta quantia aproximadamente cerca total geral periodo intervalo faixa junto acima abaixo partir antes depois durante longo primeiro primeira primeiros primeiras nenhum nenhuma lote gente povo pessoal ' +
      'especificamente exatamente somente favoritos tido da-se dao dado sabe sabem cujo cuja cujos cujas ' +
      'vencer vencem vence milhao milhoes proximos proximas janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro ' +
      'fica ficam obter relacao ordenados ordenadas trabalha trabalham trabalhou estavam sejam seja seguem informam separado separados separada cima sec cnpj cpf investigacao dois duas ambos ambas faca fazer gere gerar monte montar explique explicar investigue investigar investiga analise analisar analisa verifique verificar examine examinar audite auditar fiscalize apure vasculhe ' +
      'encontrado encontrados encontrada encontradas encontrou encontraram acharam achou vigente deles deram tiver havia haver',
  },
  es: {
    contracts:
      'contrato contratos contratacion contrataciones compra compras licitac* adjudicac* adquisic* pagos acuerdo acuerdos servicio servicios',
    suppliers:
      'proveedor proveedora proveedores proveedoras empresa empresas contratista contratistas adjudicatari* companias compania vendedor vendedores ganador ganadores firma firmas',
    buyers:
      'organo organos organismo organismos comprador compradores entidad entidades ayuntamiento ayuntamientos alcaldia alcaldias municipio municipios institucion instituciones',
    units:
      'concejalia concejalias consejeria consejerias secretaria secretarias unidad unidades ministerio ministerios departamento departamentos direccion direcciones area areas',
    categories: 'categoria categorias rubro rubros',
    findings:
      'anomalia* irregularidad* hallazgo hallazgos alerta alertas sospech* indicio indicios inconsistencia* problema problemas senalad* riesgo riesgos raro raros extrano*',
    modality: 'modalidad modalidades procedimiento procedimientos',
    year: 'ano anos anual anuales anualmente',
    month: 'mes meses mensual mensuales mensualmente',
    value:
      'valor valores gasto gastos dinero monto montos importe importes costo costos coste costes precio precios presupuesto',
    spent:
      'cuesta cuestan costado gasto gastaron gasta gastan gastado gastamos compramos pagamos contratamos comprado comprados comprada compradas adquirido adquiridos adquirida pagado pagada pagadas pagados compro compraron compran contrataron contratado contrata contratan pago pagaron paga pagan invirtio invirtieron adquirio adquirieron costo costaron',
    received:
      'llevado facturado ganado vendido suministrado cobrando atiende atienden atendio cobrado cobrada mueve mueven movieron movio recibio recibe reciben recibieron recibido gano gana ganan ganaron facturo facturaron factura cobro cobraron cobra llevo llevaron lleva llevan vende venden vendio vendieron suministro suministra suministraron provee proveyo hizo hicieron',
    howmany: 'cuantos cuantas cantidad numero',
    howmuch: 'cto cuanto sumaron total totales suma suman sumado sumados totaliza',
    mean: 'media medio promedio promedios medias',
    median: 'mediana mediano',
    share:
      'ciento porcentaje porciento porcion parte cuota proporcion participacion fraccion representa representan',
    largest:
      'pico mayor mayores principal principales lider lideres ranking caro caros cara caras grande grandes maximo altos altas domina dominan dominante dominantes concentra concentran',
    smallest: 'menor menores barato baratos barata baratas minimo pequeno pequenos bajos bajas',
    most: 'mas top',
    least: 'menos',
    newest: 'reciente recientes nuevo nuevos nueva nuevas ultimo ultimos ultima ultimas',
    oldest: 'antiguo antiguos antigua antiguas viejo viejos',
    list: 'sacame dame traeme pasame ponme enumera listame liste listar lista listado muestre muestra muestrame mostrar cuales cual que ver ensename dame dime',
    growth:
      'crecio crecieron crecimiento evolucion evoluciono tendencia aumento aumentaron aumentado subido crecido evolucionado creciendo subiendo subio subieron historico serie',
    fall: 'cayo cayeron caida disminuyo disminuyeron bajo bajaron redujo redujeron recorto recortaron reducen reduccion',
    change: 'diferencia variacion cambio cambios vario',
    compare:
      'compare comparar compara comparacion comparado comparados comparame versus vs frente x frente x',
    summary:
      'resumen resume resumir perfil panorama estadistica* detalle detalles habla cuentame describe historia ficha datos informacion cifras',
    who: 'quien quienes',
    each: 'por cada',
    missing: 'sin',
    except: 'excepto salvo excluyendo descontando',
    different: 'diferentes distintos distintas unicos',
    and: 'y pero ahora',
    only: 'solo solamente unicamente exclusivo exclusiva exclusivos exclusivas',
    chart: 'grafico grafica graficos diagrama',
    filler:
      'firman podeis podemos desglosado desglosada desglosados desglosadas detallado detallada dividido agrupado agrupada agrupados haya hayan nos os sumando d digo valen entera entero mediante tabla tablas bolsillo empezar comenzar indique indica indicar enumere enumerar presente presentar destino destinaron algo plata dejando posee poseen puesto colocado corresponde corresponden respectivos respectivas existentes registrados actualmente realmente adjudico adjudicaron adjudicado adjudicados adjudicada adjudicadas sea sean fuera fueran ordena ordene cambialo cambiala cambia cambie cambiar pasa sale salen solicito pido gustaria contar considerar incluir contando considerando incluyendo busco el la los las un una unos unas de del en que y o e para por con sin se a al yo tu usted ustedes me mi mis su sus nuestro nuestra fue fueron es son esta estan estaba tiene tienen tuvo tuvieron ha han hay hubo ' +
      'existe existen puede puedes podria quiero quisiera necesito saber favor aqui alli ya no si este estos estas ese esa esos esas esto eso aquel aquella hasta entre desde sobre tras donde cuando como cada todo toda todos todas ' +
      'muy mucho mucha muchos ser siendo era eran bien entonces tambien ellos ellas ella ello le les lo decir diga dime hola buenos buenas dias tardes gracias conjunto base archivo hoja muestra publico publica publicos publicas gobierno ' +
      'tipo tipos hecho hechos hecha hechas firmado firmados firmo firmaron celebrado celebrados realizado realizados registrado registrados nombre nombres cosa cosas algun alguna algunos algunas cualquier mismo misma busca buscar encuentra encontrar ' +
      'relacionado relacionados relacionadas referente relativo dolares euros pesos reales moneda fecha fechas objeto objetos item items producto productos ciudad municipal porque pues asi etc otro otra otros otras dentro vez veces alguien va van ' +
      'periodo rango junto juntos primero primera ningun ninguno nadie contiene tal fueran estado dan ' +
      'cif nif rut nit investigacion trabaja trabajan quedan queda segun dos ambos ambas haz hacer explique explica investigue investigar investiga analice analizar analiza audite examine fiscalice revise verifique vencen millon millones proximos dentro enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre encima debajo ultimos encontrado encontrados encontradas',
  },
  en: {
    contracts:
      'contract contracts purchase purchases purchased procurement procurements tender tenders acquisition acquisitions deal deals payment payments order orders agreement agreements awards',
    suppliers:
      'supplier suppliers vendor vendors company companies contractor contractors provider providers firm firms seller sellers winner winners business businesses bidder bidders',
    buyers:
      'buyer buyers agency agencies purchaser purchasers entity entities municipality municipalities body bodies institution institutions',
    units:
      'department departments ministry ministries secretariat secretariats unit units office offices bureau',
    categories: 'category categories',
    findings:
      'anomaly anomalies irregularit* finding findings alert alerts suspicious suspicion suspicions flag flags flagged issue issues problem problems risk risks risky odd strange wrong',
    modality: 'modality modalities procedure procedures method methods',
    year: 'year years yearly annual annually',
    month: 'month months monthly',
    value:
      'value values spending spend expenditure expenditures expense expenses income revenue earnings turnover money amount amounts bill bills cost costs price prices worth budget',
    spent:
      'spent spends bought buys buy buying paid pays pay paying purchased fork forked hired hires contracted invested acquired cost',
    received:
      'getting making earning serves serving uses received receives receive receiving got gets get earned earns earn won wins win winning sold sells sell selling supplied supplies supply made provided provides provide',
    howmany: 'many number count counts quantity',
    howmuch: 'much total totals sum sums altogether overall',
    mean: 'avg average averages mean',
    median: 'median typical',
    share: 'percentage percent slice share portion proportion fraction represents represent',
    largest:
      'peak dearest largest biggest highest priciest main dominant leading ranking greatest expensive big large maximum leaders bigger larger higher greater pricier costlier dearer costliest dominates dominate dominated',
    smallest: 'smaller lower cheaper smallest lowest cheapest least minimum cheap small',
    most: 'most more top',
    least: 'fewest less',
    newest: 'newest latest recent recently new last',
    oldest: 'oldest earliest old first',
    list: 'list show display give see which what tell',
    growth:
      'grew grow grown growth growing evolution evolve evolved trend trends increase increased increases rose rise risen rising increasing history series',
    fall: 'fell fall fallen drop dropped decrease decreased decline declined shrank reduced reduces cut cuts lowered',
    change: 'difference change changed changes variation',
    compare: 'outspend outspent outspends compare comparing compared comparison versus vs against against x',
    summary:
      'summary summarize summarise profile overview statistic* stats details detail describe story data information info figures facts breakdown',
    who: 'whos who whom',
    each: 'by per each every',
    missing: 'without lacking missing',
    except: 'except excluding excepting besides',
    different: 'different distinct unique various',
    and: 'and but now',
    only: 'only just',
    chart: 'chart charts graph graphs plot diagram',
    filler:
      'use used instead grouped itemised itemized broken lmk table tables pocket via started kindly state pct accounts account accounted through dept provide supply details respective respectively please currently actually overall really anything everything sort dear sir madam sirs combined jointly hold holds held everyone everybody pls plz w thx u ur swap switch replace gone provide request looking counting considering including whats hows wheres thats theres ive were the a an of in on at to for with from and or i you me my your our we us they them their its it is are was were be been being have has had having can could would should will shall may do does did done doing please want need know ' +
      'here there this that these those any some all no not how when where why so up one ones into over out as if than then also too s t re ve let lets like hi hello thanks thank file dataset sample public government type types made signed sign signs ' +
      'registered related about regarding concerning involving named called name names thing things same other others within during since until between after before above below under most currently ever yet still more even city municipal brazilian ' +
      'dollars dollar euros euro reais real brl usd currency date dates object objects item items product products somebody someone anybody together each go goes going went come comes came get gets take takes took awarded held say says did does whose entire whole period range look find search ' +
      'break down work anyone anybody everything investigation dont doesnt isnt two both make draw explain investigate investigating analyze analyse audit examine inspect check million thousand january february march april june july august september october november december expire expires expiring detected found',
  },
} as const satisfies Record<Language, Record<string, string>>
