import { type Asked, about, ask, buyer, count, list, sum, supplier, talk, topic, year } from './asked.ts'
import * as town from './town-pt.ts'

/** Questions with a word that the data cannot answer: the word is told. */
export const UNANSWERABLE: readonly Asked[] = [
  ask('quanto a saúde gastou com helicópteros?', sum(buyer(town.SAUDE)), { unused: ['helicopteros'] }),
  ask('contratos de drones', list(), { unused: ['drones'] }),
  ask('quanto recebeu a Construtora Marajoara?', sum(), { unused: ['marajoara'] }),
  ask('gasto com publicidade em 2023', sum(year(2023)), { unused: ['publicidade'] }),
  ask('quanto a secretaria de esportes gastou', sum(), { unused: ['esportes'] }),
  ask('quanto se pagou de diárias de viagem?', sum(), { unused: ['diarias', 'viagem'] }),
  ask('quantos servidores comissionados a prefeitura tem?', count(buyer(town.PREFEITURA)), {
    unused: ['servidores', 'comissionados'],
  }),
  ask('contratos da pavimax no bairro Boa Esperança', list(supplier(town.PAVIMAX)), {
    unused: ['boa', 'esperanca'],
  }),
  ask('quanto a prefeitura gastou com carnaval e show?', sum(buyer(town.PREFEITURA)), {
    unused: ['carnaval'],
  }),
  ask('qual o salário do prefeito?', sum(), { unused: ['salario', 'prefeito'] }),
  ask('total de emendas parlamentares em 2024', sum(year(2024)), { unused: ['emendas', 'parlamentares'] }),
  ask('quanto foi empenhado para a nutrisabor por emenda do deputado', sum(supplier(town.NUTRISABOR)), {
    unused: ['emenda', 'deputado'],
  }),
  ask('contratos de vacinas da secretaria de saúde', list(buyer(town.SAUDE)), { unused: ['vacinas'] }),
  ask('quanto custou o asfalto da Rua Sete de Setembro', sum(), { unused: ['sete', 'setembro'] }),
  ask('quem é o dono da Falcão?', about('suppliers', 'summary', supplier(town.FALCAO)), {
    unused: ['dono'],
  }),
  ask('quais contratos da conecta foram assinados pelo vereador Tobias', list(supplier(town.CONECTA)), {
    unused: ['vereador', 'tobias'],
  }),
  ask('gasto com piscina olímpica em 2022', sum(year(2022)), { unused: ['piscina', 'olimpica'] }),
  ask('quanto gastou com medicamentos para diabetes', sum(topic('medicamentos')), { unused: ['diabetes'] }),
  ask('Quantos contratos a Serra Azul tem em Campinas?', count(supplier(town.SERRA_AZUL)), {
    unused: ['campinas'],
  }),
  ask('despesas da guarda com cavalos', sum(buyer(town.GUARDA)), { unused: ['cavalos'] }),
]

/** Messages that are no questions about data. */
export const TALK: readonly Asked[] = talk(
  'oi',
  'Bom dia!',
  'olá, tudo bem?',
  'obrigado',
  'valeu, era só isso',
  'tchau',
  'ajuda',
  'o que você sabe fazer?',
  'quem é você?',
  'Você é uma inteligência artificial?',
  'como faço uma denúncia?',
  'Onde posso denunciar um desvio de dinheiro?',
  'quero denunciar o prefeito',
  'qual o telefone da ouvidoria?',
  'como faço pra subir um arquivo?',
  'posso enviar uma planilha do excel?',
  'que formatos de arquivo são aceitos',
  'Como mapear as colunas do meu arquivo?',
  'o que é fracionamento?',
  'o que significa HHI?',
  'explique a lei de benford',
  'O que é inexigibilidade de licitação?',
  'como funciona a detecção de sobrepreço?',
  'Como exporto os dados pra planilha?',
  'consigo compartilhar a investigação com um colega?',
  'vai chover amanhã?',
  'me conta uma piada',
  'qual a capital da França?',
  'quem ganhou o jogo ontem?',
  'escreve um poema sobre o mar',
  'inicie uma investigação',
  'pare a investigação',
  'de onde vêm esses dados?',
  'meus dados estão seguros aqui?',
  'asdfgh',
)
