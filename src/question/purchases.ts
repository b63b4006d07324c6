import { stem } from './stem.ts'

/**
 * Words for the same thing in public purchasing, in Portuguese, Spanish and English: one thing a line, its words folded
 * and between commas.
 */
const SAME = `
merenda, merenda escolar, alimentacao escolar, lanche escolar, comida escolar, comedor escolar, alimentacion escolar, school meals, school meal, school lunch, school lunches, school food, generos alimenticios
alimentos, alimento, generos alimenticios, alimentacao, comida, mantimentos, viveres, alimentacion, food, groceries, foodstuffs
transporte escolar, transporte de alunos, onibus escolar, transporte de estudiantes, autobus escolar, school transport, school bus, school buses, school transportation
transporte, transportes, transport, transportation
escolar, escolares, school
escola, escolas, escuela, escuelas, colegio, schools
limpeza, conservacao, asseio, higienizacao, limpieza, aseo, cleaning, janitorial, cleaning services
higiene, produtos de limpeza, saneantes, articulos de limpieza, cleaning products, cleaning supplies
vigilancia, seguranca patrimonial, seguranca armada, guarda, vigilantes, seguridad, security, guards, security guards, surveillance
seguranca, seguridad, safety, security
medicamentos, medicamento, remedios, remedio, farmacos, medicinas, medicina, medicines, medicine, drugs, medication, medications, pharmaceuticals
vacinas, vacina, imunizantes, vacunas, vacuna, vaccines, vaccine
hospital, hospitalar, hospitales, hospitals, hospitalario
equipamento hospitalar, equipamentos medicos, equipo medico, medical equipment
exames, exame, exames laboratoriais, analises clinicas, examenes, analisis clinicos, lab tests, laboratory tests, medical tests
laboratorio, laboratory, lab
mascaras, mascara, mascarillas, mascarilla, masks, mask
luvas, luva, guantes, gloves
alcool, alcool gel, alcohol, sanitizer
respirador, respiradores, ventilador pulmonar, ventiladores, ventilators, ventilator
oxigenio, gases medicinais, oxigeno, oxygen, medical gases
ambulancia, ambulancias, ambulance, ambulances
saude, salud, health, healthcare, sanidade, sanidad
educacao, ensino, educacion, ensenanza, education, teaching
cultura, culture
esporte, esportes, desporto, deporte, deportes, sport, sports
turismo, tourism
agricultura, agriculture, agropecuaria
meio ambiente, ambiente, medio ambiente, environment
assistencia social, asistencia social, welfare, social assistance
fazenda, financas, hacienda, finanzas, finance, treasury
obras, obra, construcao, construccion, works, construction, building works, public works
pavimentacao, asfalto, asfaltamento, asfaltica, recapeamento, pavimentacion, asfaltado, paving, asphalt, road paving, roads
reforma, reformas, renovacao, remodelacion, remodelaciones, renovation, renovations, refurbishment
estradas, estrada, rodovia, rodovias, vias, carreteras, carretera, roads, road, highways
ponte, pontes, puente, puentes, bridge, bridges
engenharia, ingenieria, engineering
projeto, projetos, proyecto, proyectos, project, projects
eletrica, eletrico, electrica, electrico, electrical
energia, energia eletrica, luz, electricidad, electricity, power, energy
iluminacao publica, iluminacao, alumbrado publico, alumbrado, street lighting, lighting
agua, saneamento, agua potavel, water, sanitation, saneamiento
esgoto, alcantarillado, sewage, sewer
lixo, residuos, coleta de lixo, coleta de residuos, basura, recoleccion de basura, waste, garbage, trash, waste collection, garbage collection, rubbish
veiculos, veiculo, carros, carro, automoveis, frota, vehiculos, vehiculo, coches, autos, flota, vehicles, vehicle, cars, car, fleet
onibus, autobus, autobuses, bus, buses
vans, van, furgoneta, furgonetas
combustivel, combustiveis, gasolina, diesel, etanol, combustible, combustibles, fuel, gasoline, petrol
pneus, pneu, neumaticos, llantas, tires, tyres
locacao, aluguel, alugueis, alquiler, arrendamiento, rental, rent, leasing, lease, hire
locacao de veiculos, aluguel de carros, alquiler de vehiculos, alquiler de coches, car rental, vehicle rental
passagens aereas, passagens, passagem, pasajes, boletos de avion, flights, airfare, air tickets, plane tickets
viagens, viagem, viajes, viaje, travel, trips
diarias, hospedagem, hotel, alojamiento, hoteles, lodging, accommodation, hotels
papel, papel a4, papel sulfite, paper, copy paper
material de escritorio, material de expediente, papelaria, material de oficina, papeleria, utiles de oficina, office supplies, stationery
escritorio, expediente, oficina, office
livros, livro, libros, libro, books, book, textbooks
material escolar, utiles escolares, material didatico, material didactico, school supplies, teaching materials
uniformes, uniforme, fardamento, uniforms, uniform
brinquedos, juguetes, toys
moveis, mobiliario, movel, muebles, mueble, furniture
computadores, computador, notebooks, notebook, laptops, ordenadores, ordenador, computadoras, computadora, portatiles, computers, computer, laptop, equipamentos de informatica
software, softwares, licencas de software, sistema, sistemas, licencias, programas, licenses, programs, systems
informatica, tecnologia da informacao, tecnologia, ti, tecnologias, it, information technology, technology, computing
internet, link de dados, banda larga, conexion, broadband
telefonia, telefone, celular, telefonos, telefono, moviles, phones, telephone, telephony, mobile
impressao, impressoras, impressora, outsourcing de impressao, impresoras, impresion, printers, printer, printing
ar condicionado, climatizacao, aparelhos de ar condicionado, aire acondicionado, climatizacion, air conditioning, air conditioners, air conditioner
manutencao, conserto, consertos, reparos, reparo, mantenimiento, reparacion, reparaciones, maintenance, repair, repairs
publicidade, propaganda, divulgacao, publicidad, advertising, advertisement, publicity
eventos, evento, festas, festa, shows, fiestas, fiesta, espectaculos, events, event, parties, party, concerts
consultoria, assessoria, consultoria tecnica, asesoria, asesoramiento, consultoria, consulting, consultancy, advisory
advocacia, servicos juridicos, advogados, abogados, servicios juridicos, legal services, lawyers
contabilidade, assessoria contabil, contabilidad, accounting
treinamento, capacitacao, cursos, curso, capacitacion, formacion, entrenamiento, training, courses, course
seguro, seguros, insurance
mao de obra, terceirizacao, terceirizados, tercerizacion, outsourcing, labor, manpower, staff
jardinagem, paisagismo, poda, jardineria, gardening, landscaping
dedetizacao, controle de pragas, fumigacion, control de plagas, pest control
gas, gas de cozinha, glp, cooking gas
moda, roupas, vestuario, ropa, vestimenta, clothes, clothing
cimento, cemento, cement
material de construcao, materiales de construccion, construction materials, building materials
maquinas, maquina, maquinario, maquinaria, machines, machinery, equipment
equipamentos, equipamento, equipos, equipo, equipment
fralda, fraldas, panales, diapers
leite, leche, milk
carne, carnes, meat
pao, paes, pan, bread
frutas, verduras, hortifruti, hortalicas, fruit, fruits, vegetables
cestas basicas, cesta basica, canastas basicas, food baskets
funeraria, funeral, urnas funerarias, servicios funebres, funeral services
sistema de gestao, software de gestao, sistema de gestion, management system
tributaria, tributos, impostos, tributario, impuestos, tax, taxes
licencas, licenciamento, licencia, license, licences, licensing
servicos, servico, servicios, servicio, services, service
expediente, material de expediente
pandemia, covid, coronavirus, covid 19, pandemic
suspenso, suspensos, suspendido, suspendidos, suspended, paralisado, paralizado
rescindido, rescindidos, rescinded, terminated, cancelado, cancelados, cancelled, canceled, anulado, anulados
encerrado, encerrados, finalizado, finalizados, concluido, concluidos, cerrado, cerrados, closed, finished
`

const LINES: readonly (readonly string[])[] = SAME.trim()
  .split('\n')
  .map((line) => [...new Set(line.split(',').map((word) => word.trim()))])

/** Returns a phrase by which its forms are looked up. */
const lookup = (words: readonly string[]): string => words.map(stem).join(' ')

const LINES_BY_PHRASE = new Map<string, string[][]>()
for (const line of LINES)
  for (const phrase of line) {
    const key = lookup(phrase.split(' '))
    const known = LINES_BY_PHRASE.get(key) ?? []
    known.push([...line])
    LINES_BY_PHRASE.set(key, known)
  }

/** Returns other words for the thing that a phrase names, the closest first; none where the phrase is in no list. */
export const otherWordsFor = (words: readonly string[]): readonly string[] => {
  const key = lookup(words)
  return [...new Set((LINES_BY_PHRASE.get(key) ?? []).flat())].filter(
    (phrase) => lookup(phrase.split(' ')) !== key,
  )
}
