import type { Language } from './understanding.ts'

/** Folded words by language and concept; a word that ends in `*` is a prefix. */
export const WORDS = {
  pt: {
    hello: 'ola oi opa eai oii saudacoes',
    thanks: 'obrigad* brigad* obg vlw valeu grato grata agradec*',
    bye: 'tchau adeus flw falou',
    help: 'ajuda ajudar ajude ajudam socorro comandos instrucoes funcionalidades',
    how: 'como',
    investigate:
      'investigar investigue investiga investigues investiguem investigando audite auditar fiscalize fiscalizar ' +
      'examine examinar vasculhe vasculhar apure apurar varra verifique verificar verifica cheque checar investigada analise analisar analisa analisem',
    investigation: 'investigacao investigacoes investigou investigado investigados auditoria apuracao',
    start: 'inicie iniciar comece comecar abra abrir dispare rode rodar faca lance',
    status:
      'andamento progresso status terminou terminaram acabou acabaram concluiu concluida pronta pronto situacao',
    statistics:
      'estatistica* periodo resumo total totais soma media mediana quantos quantas panorama visao distribuicao evolucao ' +
      'somam numeros valor',
    most:
      'mais maior maiores principal principais dominam domina dominante* concentra concentram top ranking lidera* ' +
      'lideres',
    supplier: 'fornecedor* empresa empresas contratad* credor credores vencedor*',
    buyer:
      'orgao orgaos comprador* ministerio* secretaria secretarias prefeitura* unidade unidades contratante* autarquia*',
    contract:
      'contrato contratos compra compras contratacao contratacoes licitac* empenho empenhos pregao pregoes',
    anomaly:
      'anomalia* irregularidade* achado achados alerta alertas suspeit* indicio indicios inconsistencia* problema ' +
      'problemas marcado marcada marcados sinalizad* errad* estranh*',
    dataset: 'dataset* base bases conjunto conjuntos dados arquivo arquivos planilha* amostra',
    list: 'liste listar lista mostre mostra mostrar quais exiba exibir veja ver apresente qual',
    search:
      'busque buscar busca procure procurar procura encontre encontrar ache achar pesquise pesquisar localize',
    explain:
      'explique explicar explica explicacao detalhe detalhes detalhar detalhe esclareca porque entender significa',
    report: 'relatorio* laudo laudos dossie pdf',
    law: 'lei leis artigo decreto decretos legislacao norma normas juridic* dispensavel legal inexigibilidade',
    fraud:
      'fraude* corrupc* corrupt* desvio desvios propina* superfatur* cartel conluio laranja laranjas roub* ladroes',
    chart: 'grafico* visualiz* plote diagrama',
    received:
      'recebeu recebe recebem receberam ganhou ganha ganham faturou faturaram levou levaram embolsou vende vendem vendeu',
    spent: 'gastou gasta gastam gastaram gasto gastos comprou compram despesa despesas',
    not: 'nao nunca nem sem',
    health: 'saude medicamento* hospital* medic* remedio*',
    education: 'educac* escola* escolar* ensino merenda universidade*',
    works: 'obra obras paviment* construc* engenharia reforma reformas',
    cleaning: 'limpeza conservacao',
    food: 'alimento* aliment* comida generos',
    technology: 'informatica tecnologia computador* software notebook* sistema sistemas',
    vehicles: 'veiculo* carro carros frota combustivel onibus',
    security: 'vigilancia seguranca',
    back: 'isso isto disso esse essa desse dessa ela ele deles dela dele aquilo nisso',
    more: 'continue continua prossiga proxima proximo proximos',
    function:
      'o a os as um uma quanto de da do das dos em no na nos nas que e para por com eu voce me meu minha meus minhas sobre ' +
      'ja foi sao esta estao tem ter ha pode posso quero queria gostaria preciso favor agora hoje aqui seu sua ao aos ' +
      'quem quando onde todos todas tudo bem se ou mas entre desde ate muito pelo pela pelos pelas',
  },
  es: {
    hello: 'hola saludos buenas',
    thanks: 'gracias agradezco agradecid*',
    bye: 'adios chao chau',
    help: 'ayuda ayudar ayudarme ayudas ayudame comandos instrucciones',
    how: 'como',
    investigate:
      'investigar investigue investiga investigues audite auditar fiscalice fiscalizar examine examinar analice ' +
      'analizar analiza revise revisar verifique verificar verifica',
    investigation: 'investigacion investigaciones investigaste investigado auditoria',
    start: 'inicie iniciar inicia comience comenzar empieza abra abrir abre lance haz',
    status: 'estado progreso avance termino terminaron acabo finalizo listo situacion',
    statistics:
      'estadistica* periodo resumen total totales suma promedio media mediana cuantos cuantas panorama vision distribucion ' +
      'evolucion cifras valor',
    most: 'mas mayor mayores principal principales dominan domina dominante* concentra concentran top ranking lideres',
    supplier: 'proveedor* empresa empresas contratista* adjudicatari*',
    buyer:
      'organo organos comprador* ministerio* secretaria secretarias ayuntamiento* unidad unidades alcaldia* organismo*',
    contract: 'contrato contratos compra compras contratacion contrataciones licitac* adjudicac*',
    anomaly:
      'anomalia* irregularidad* hallazgo hallazgos alerta alertas sospech* indicio indicios inconsistencia* problema ' +
      'problemas marcado marcada senalad* raro raros extrano*',
    dataset: 'dataset* base bases conjunto conjuntos datos archivo archivos muestra',
    list: 'liste listar lista muestre muestra muestrame mostrar cuales ver ensename cual',
    search: 'busque buscar busca buscame encuentre encontrar encuentra localice',
    explain:
      'explique explicar explica explicame explicacion detalle detalles detallar aclare porque entender significa',
    report: 'informe informes reporte reportes pdf',
    law: 'ley leyes articulo decreto decretos legislacion norma normas juridic* legal',
    fraud:
      'fraude* corrupc* corrupt* desvio desvios soborno* sobreprecio* cartel colusion robo roba* ladron*',
    chart: 'grafico* grafica* visualiz* diagrama',
    received:
      'recibio recibe reciben recibieron gano gana ganan facturo cobro cobraron llevo llevaron vende venden vendio',
    spent: 'gasto gasta gastan gastaron gastos compro compran',
    not: 'no nunca ni sin',
    health: 'salud medicamento* hospital* medic*',
    education: 'educac* escuela* escolar* ensenanza universidad*',
    works: 'obra obras paviment* construccion* ingenieria',
    cleaning: 'limpieza aseo',
    food: 'alimento* aliment* comida',
    technology: 'informatica tecnologia computador* ordenador* software sistema sistemas',
    vehicles: 'vehiculo* coche* flota combustible autobus*',
    security: 'vigilancia seguridad',
    back: 'eso esto ese esa esos ella ello aquello lo',
    more: 'continua continue siga siguiente siguientes',
    function:
      'el la los las un una unos cuanto de del en que y para por con yo tu usted me mi mis sobre ya fue son esta estan tiene ' +
      'tienes tener hay puede puedo puedes quiero quisiera necesito favor ahora hoy aqui su sus al quien quienes cuando ' +
      'donde todos todas todo bien si o pero entre desde hasta muy es',
  },
  en: {
    hello: 'hello hi hey greetings howdy',
    thanks: 'thanks thank thx cheers appreciate* grateful',
    bye: 'bye goodbye farewell',
    help: 'help assist commands features capabilities questions',
    how: 'how',
    investigate:
      'investigate investigating audit examine analyze analyse analyzing inspect scan check probe scrutinize scrutinise',
    investigation: 'investigation investigations investigated audited',
    start: 'start begin launch open run make',
    status: 'status progress finished done completed ready ended',
    statistics:
      'statistic* stats summary total totals sum average mean median overview distribution evolution figures many ' +
      'summarize summarise value',
    most: 'most largest biggest highest priciest main dominate dominates dominant dominating concentrate* top ranking leading',
    supplier: 'supplier* vendor* company companies contractor* provider* firm firms',
    buyer:
      'buyer* agency agencies ministry ministries department departments secretariat* municipality purchaser* unit units ' +
      'office',
    contract:
      'contract contracts purchase purchases purchased procurement* tender tenders acquisition* deal deals',
    anomaly:
      'anomaly anomalies irregularit* finding findings alert alerts suspicious suspicion* flag flags flagged ' +
      'inconsistenc* problem problems outlier* wrong weird odd strange',
    dataset: 'dataset* data database* file files spreadsheet* sample',
    list: 'list show display which what see give',
    search: 'search find look lookup locate',
    explain: 'explain explanation why detail details describe clarify understand mean means',
    report: 'report reports dossier pdf',
    law: 'law laws article decree statute statutes legislation regulation* legal rules',
    fraud: 'fraud* corrupt* bribe* kickback* overpric* embezzl* cartel collusion steal*',
    chart: 'chart charts graph graphs plot plots visuali* diagram',
    received: 'received receive receives got gets won wins earned sells sell sold',
    spent: 'spent spend spends spending bought buy buys expenditure expenses paid pays',
    not: 'not dont never no without doesnt didnt cannot cant wont',
    health: 'health hospital* medic* healthcare',
    education: 'education school* universit* teaching',
    works: 'works paving construction engineering roads',
    cleaning: 'cleaning',
    food: 'food meals',
    technology: 'computers computing technology software laptops',
    vehicles: 'vehicle* cars fleet fuel buses',
    security: 'guards surveillance',
    back: 'it this that these those its them',
    more: 'continue next further',
    function:
      'the a an of in on at to for with and or i you me my your is are was were be been have has had can could would ' +
      'should do does did please want need about from by who when where there all any here now today as we our will ' +
      'much some into whole if so up one ones reporter reporters',
  },
} as const satisfies Record<Language, Record<string, string>>

export type Concept = keyof (typeof WORDS)['pt']

/** Phrases whose words have other meanings one by one, over folded text in single spaces. */
export const PHRASES: readonly (readonly [
  pattern: RegExp,
  concept: Concept | 'about' | 'howto' | 'whatis',
  Language,
])[] = [
  [
    /\b(bom dia|boa tarde|boa noite|tudo (bem|bom|certo)|e ai|fala ai|alguem (ai|atendendo))\b/,
    'hello',
    'pt',
  ],
  [/\b(buenos dias|buen dia|buenas tardes|buenas noches|que tal|hay alguien)\b/, 'hello', 'es'],
  [/\b(good (morning|afternoon|evening|day)|how are you|any(one|body) (there|here))\b/, 'hello', 'en'],
  [/\b(ate (logo|mais|breve|amanha|(a )?proxima))\b/, 'bye', 'pt'],
  [/\b(hasta (luego|pronto|manana|la vista)|nos vemos)\b/, 'bye', 'es'],
  [/\b(see you( later| soon)?|take care|good night)\b/, 'bye', 'en'],
  [
    /\b(inteligencia artificial|chat ?gpt|gpt|llm|modelo de linguagem|(com|uma) (maquina|robo)|pessoa de verdade|quem (te|o|lhe) (criou|fez)|(ignore|esqueca|desconsidere) .{0,30}(instruc\w+|regras)|prompt d[oe] sistema|suas instrucoes)\b/,
    'about',
    'pt',
  ],
  [
    /\b(inteligencia artificial|modelo de lenguaje|con una maquina|persona de verdad|quien te (creo|hizo)|(ignora|olvida) .{0,30}(instrucciones|reglas)|prompt del sistema)\b/,
    'about',
    'es',
  ],
  [
    /\b(artificial intelligence|language model|to a (machine|robot|bot|human|person)|(real|actual) (human|person)|who (made|created|built) you|(ignore|forget|disregard) .{0,30}(instructions|rules)|system prompt|your instructions)\b/,
    'about',
    'en',
  ],
  [
    /\b((que|quais) (tipos? de )?perguntas|ideias d[oe] que|(nao|nunca) (sei|entendi|entendo|usei) .{0,15}(usa|usar|uso|isso|funciona)|me orient\w+|como (se )?(usa|usar|uso))\b/,
    'help',
    'pt',
  ],
  [
    /\b(que (tipos? de |cosas )?(te )?(preguntas|puedo preguntar\w*)|(que )?cosas te puedo preguntar|no (se|entiendo) .{0,15}(usar|usa|funciona)|como (se )?(usa|usar|uso|maneja)|ideas de (que|preguntas))\b/,
    'help',
    'es',
  ],
  [
    /\b((kinds?|sorts?|types?) of questions|(what|which) questions|where (should|do|can) (i|we) (begin|start)|how (do|can) (i|we) use|how to use|new here|ideas of what)\b/,
    'help',
    'en',
  ],
  [/\b(sem|sin) (licitac\w+|licitar)\b|\bwithout (a |any )?(tender|tendering|bidding|bids?)\b/, 'law', 'pt'],
  [
    /\b(faz|faca|fazer|roda|rode|rodar|haz|hacer|run|do|make) (uma |un |una |a |an )?(\w+ )?(analise|analisis|analysis|auditoria|audit|varredura|pente fino)\b/,
    'investigate',
    'pt',
  ],
  [
    /\b(quem (e|eh) (voce|vc)|com quem (estou falando|falo)|o que (e|eh) (voce|vc)|(voce|vc) (e|eh) ((um|uma|o|a) )?(robo|ia|bot|chatgpt|humano|pessoa|modelo|inteligencia)|qual (e |eh )?(o )?(seu|teu) nome|se apresente|que modelo (voce|vc) (usa|e))\b/,
    'about',
    'pt',
  ],
  [
    /\b(quien eres|que eres|quien es usted|eres (un|una) (robot|ia|bot|humano|persona|modelo)|cual es tu nome?|como te llamas|presentate|que modelo (eres|usas))\b/,
    'about',
    'es',
  ],
  [
    /\b(who are you|what are you|are you (a|an) (real )?(robot|ai|bot|human|person|model|language model)|what is your name|whats your name|introduce yourself|(which|what) model (are you|do you use))\b/,
    'about',
    'en',
  ],
  [
    /\b(o que (voce|vc|o sistema|isso) (pode fazer|faz|sabe fazer|consegue fazer|sabe)|(pode|poderia) me ajudar|como (isso |voce |vc |o sistema )?funciona|por onde (eu )?comec(o|ar)|que (posso|da (pra|para)) (perguntar|fazer)|o que (eu )?posso (perguntar|fazer))\b/,
    'help',
    'pt',
  ],
  [
    /\b(que (puedes|sabes) hacer|(puedes|podrias) ayudarme|como funciona( esto)?|por donde (empiezo|empezar)|que puedo (preguntar|hacer)|que haces)\b/,
    'help',
    'es',
  ],
  [
    /\b(what (can|do) you do|what you (can )?do|what can i (ask|do)|(can|could) you help( me)?|how does (it|this) work|where do i start|what is this)\b/,
    'help',
    'en',
  ],
  [
    /\bcomo (e que )?(eu )?(faco|posso|se|devo|consigo|fazer)\b|\b(e possivel|da para|posso)\b/,
    'howto',
    'pt',
  ],
  [/\bcomo (puedo|se|hago|debo)\b|\bes posible\b/, 'howto', 'es'],
  [/\bhow (do|can|should|to|would) (i|we|one|you)?\b|\b(is it possible|can i)\b/, 'howto', 'en'],
  [/\bem que pe\b|\bcomo (esta|anda|vai|vao|estao|andam)\b/, 'status', 'pt'],
  [/\bcomo (va|van|marcha|esta|estan)\b/, 'status', 'es'],
  [/\bhow (is|are) .{0,40}\b(going|doing|coming)\b/, 'status', 'en'],
  [/\bvisao geral\b|\bquanto (foi|custa|custou|vale|somam?|dinheiro|gast\w+)\b/, 'statistics', 'pt'],
  [/\bvision general\b|\bcuanto (fue|cuesta|costo|vale|suman?|dinero|gast\w+)\b/, 'statistics', 'es'],
  [/\bhow (much|big|large)\b/, 'statistics', 'en'],
  [/\b(o que (e|eh|sao)|como assim|definicao de)\b/, 'whatis', 'pt'],
  [/\b(que (es|son)|definicion de)\b/, 'whatis', 'es'],
  [/\b(what (is|are)|definition of)\b/, 'whatis', 'en'],
  [/\b(por que|quer dizer)\b/, 'explain', 'pt'],
  [/\b(por que|quiere decir)\b/, 'explain', 'es'],
  [/\bsinal vermelho|sinais de alerta\b/, 'anomaly', 'pt'],
  [/\bsenales de alerta\b/, 'anomaly', 'es'],
  [/\bred flags?\b/, 'anomaly', 'en'],
  [/\b(para|pra) quem vai\b|\bonde vai o dinheiro\b/, 'received', 'pt'],
  [/\b(a quien|adonde|a donde) va\b/, 'received', 'es'],
  [/\bwhere does .{0,20}money go\b/, 'received', 'en'],
  [/\blook(ing)? into\b/, 'investigate', 'en'],
  [/\bde olho\b/, 'investigate', 'pt'],
  [/\b(mais detalhes|conte mais|fale mais)\b/, 'back', 'pt'],
  [/\b(mas detalles|cuentame mas)\b/, 'back', 'es'],
  [/\b(more details|tell me more)\b/, 'back', 'en'],
  [/\bgo on\b/, 'more', 'en'],
  [/\bcity hall\b/, 'buyer', 'en'],
]
