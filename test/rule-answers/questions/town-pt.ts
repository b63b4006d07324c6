import { type Purchase, townOf } from './town.ts'

export const PREFEITURA = 'Prefeitura Municipal de Santa Lúcia'
export const CAMARA = 'Câmara Municipal de Santa Lúcia'
export const SAUDE = 'Secretaria Municipal de Saúde'
export const EDUCACAO = 'Secretaria Municipal de Educação'
export const OBRAS = 'Secretaria Municipal de Obras'
export const ADMINISTRACAO = 'Secretaria Municipal de Administração'
export const CULTURA = 'Secretaria Municipal de Cultura e Turismo'
export const ASSISTENCIA = 'Secretaria Municipal de Assistência Social'
export const GUARDA = 'Guarda Civil Municipal'

export const NUTRISABOR = 'Nutrisabor Refeições Ltda'
export const BATISTA = 'J. M. Batista Comércio de Alimentos ME'
export const SERRA_AZUL = 'Viação Serra Azul S.A.'
export const SANTA_HELENA = 'Distribuidora Médica Santa Helena Ltda'
export const BRILHO = 'Brilho Total Serviços Gerais EIRELI'
export const DOIS_IRMAOS = 'Papelaria Dois Irmãos ME'
export const POSTO = 'Posto Três Lagoas Ltda'
export const HORIZONTE = 'Construtora Horizonte Engenharia S.A.'
export const PAVIMAX = 'Pavimax Terraplenagem Ltda'
export const CONECTA = 'Conecta Sistemas Ltda'
export const FALCAO = 'Falcão Proteção Patrimonial Ltda'
export const PALCO = 'Palco & Luz Produções Ltda'
export const ALMEIDA = 'José Carlos de Almeida'

export const ALIMENTACAO = 'Alimentação Escolar'
export const TRANSPORTE = 'Transporte'
export const MEDICAMENTOS = 'Medicamentos e Insumos'
export const LIMPEZA = 'Limpeza e Conservação'
export const CONSUMO = 'Material de Consumo'
export const COMBUSTIVEIS = 'Combustíveis'
export const ENGENHARIA = 'Obras e Engenharia'
export const TI = 'Tecnologia da Informação'
export const SEGURANCA = 'Segurança'
export const EVENTOS = 'Eventos'
export const IMOVEIS = 'Locação de Imóveis'
export const BENEFICIOS = 'Benefícios Sociais'

export const PREGAO = 'Pregão Eletrônico'
export const DISPENSA = 'Dispensa de Licitação'
export const INEXIGIBILIDADE = 'Inexigibilidade'
export const CONCORRENCIA = 'Concorrência'
export const TOMADA = 'Tomada de Preços'

const buys = (
  unit: string,
  supplier: string,
  object: string,
  category: string,
  modality: string,
  thousands: number,
  currency = 'BRL',
): Purchase => ({ unit, supplier, object, category, modality, thousands, currency })

/** Contracts of Santa Lúcia, a made-up Brazilian town. */
export const SANTA_LUCIA = townOf({
  currency: 'BRL',
  buyer: PREFEITURA,
  ownBuyers: [CAMARA],
  suppliers: {
    [NUTRISABOR]: '12345678000195',
    [BATISTA]: '23456789000195',
    [SERRA_AZUL]: '34567890000130',
    [SANTA_HELENA]: '45678901000175',
    [BRILHO]: '56789012000101',
    [DOIS_IRMAOS]: '67890123000136',
    [POSTO]: '78901234000162',
    [HORIZONTE]: '89012345000198',
    [PAVIMAX]: '90123456000124',
    [CONECTA]: '10234567000159',
    [FALCAO]: '11345678000185',
    [PALCO]: '12456789000110',
    [ALMEIDA]: '52998224725',
  },
  purchases: [
    buys(
      EDUCACAO,
      NUTRISABOR,
      'Fornecimento de merenda para as escolas municipais',
      ALIMENTACAO,
      PREGAO,
      900,
    ),
    buys(EDUCACAO, BATISTA, 'Hortifrutigranjeiros para a merenda', ALIMENTACAO, DISPENSA, 45),
    buys(EDUCACAO, SERRA_AZUL, 'Transporte escolar de alunos da zona rural', TRANSPORTE, PREGAO, 1200),
    buys(SAUDE, SERRA_AZUL, 'Locação de vans e ambulâncias', TRANSPORTE, PREGAO, 300),
    buys(SAUDE, SANTA_HELENA, 'Aquisição de medicamentos para a farmácia básica', MEDICAMENTOS, PREGAO, 650),
    buys(SAUDE, SANTA_HELENA, 'Compra emergencial de seringas e luvas', MEDICAMENTOS, DISPENSA, 40),
    buys(SAUDE, BRILHO, 'Serviços de limpeza hospitalar', LIMPEZA, PREGAO, 420),
    buys(ADMINISTRACAO, BRILHO, 'Serviços de limpeza e conservação predial', LIMPEZA, PREGAO, 380),
    buys(ADMINISTRACAO, DOIS_IRMAOS, 'Papel sulfite A4, canetas e pastas', CONSUMO, PREGAO, 60),
    buys(EDUCACAO, DOIS_IRMAOS, 'Cadernos e fraldas para as creches', CONSUMO, DISPENSA, 30),
    buys(OBRAS, POSTO, 'Gasolina e óleo diesel para a frota', COMBUSTIVEIS, PREGAO, 500),
    buys(GUARDA, POSTO, 'Abastecimento das viaturas com gasolina', COMBUSTIVEIS, DISPENSA, 48),
    buys(OBRAS, HORIZONTE, 'Construção de quadra no Jardim Primavera', ENGENHARIA, CONCORRENCIA, 2500),
    buys(OBRAS, PAVIMAX, 'Pavimentação asfáltica da Avenida Brasil', ENGENHARIA, CONCORRENCIA, 3200),
    buys(OBRAS, PAVIMAX, 'Operação tapa-buracos', ENGENHARIA, TOMADA, 700),
    buys(SAUDE, HORIZONTE, 'Reforma do pronto-socorro', ENGENHARIA, TOMADA, 800),
    buys(ADMINISTRACAO, CONECTA, 'Licenças de software de gestão', TI, INEXIGIBILIDADE, 90, 'USD'),
    buys(EDUCACAO, CONECTA, 'Notebooks e tablets', TI, PREGAO, 550),
    buys(ADMINISTRACAO, FALCAO, 'Vigilância armada dos prédios públicos', SEGURANCA, PREGAO, 610),
    buys(CAMARA, FALCAO, 'Vigilância eletrônica do plenário', SEGURANCA, DISPENSA, 52),
    buys(CAMARA, CONECTA, 'Hospedagem do site institucional', TI, INEXIGIBILIDADE, 25),
    buys(CULTURA, PALCO, 'Show do aniversário da cidade', EVENTOS, INEXIGIBILIDADE, 180),
    buys(CULTURA, PALCO, 'Locação de som e iluminação', EVENTOS, DISPENSA, 55),
    buys(ASSISTENCIA, ALMEIDA, 'Aluguel de imóvel para o CRAS', IMOVEIS, DISPENSA, 36),
    buys(ASSISTENCIA, BATISTA, 'Cestas básicas', BENEFICIOS, PREGAO, 240),
  ],
})
