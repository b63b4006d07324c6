import { type Purchase, townOf } from './town.ts'

export const AYUNTAMIENTO = 'Ayuntamiento de Valdeflores'
export const AGUAS = 'Empresa Municipal de Aguas'
export const EDUCACION = 'Concejalía de Educación'
export const SANIDAD = 'Concejalía de Sanidad'
export const URBANISMO = 'Concejalía de Urbanismo'
export const POLICIA = 'Policía Local'
export const FESTEJOS = 'Concejalía de Festejos'

export const COMEDORES = 'Comedores Sol Naciente S.L.'
export const VEGA = 'Autocares Hermanos Vega S.A.'
export const CASTILLA = 'Limpiezas Castilla S.L.'
export const FARMALINEA = 'Farmalínea Distribuciones S.A.'
export const CERVANTES = 'Papelería Cervantes S.L.'
export const PENALBA = 'Construcciones Peñalba S.A.'
export const DUERO = 'Asfaltos del Duero S.L.'
export const NEXUS = 'Nexus Soluciones S.L.'
export const CENTINELA = 'Centinela Protección S.A.'
export const RIBERA = 'Gasóleos Ribera S.L.'

export const ALIMENTACION = 'Alimentación'
export const TRANSPORTE = 'Transporte'
export const LIMPIEZA = 'Limpieza'
export const FARMACIA = 'Medicamentos y material sanitario'
export const OFICINA = 'Material de oficina'
export const CARBURANTES = 'Carburantes'
export const OBRAS = 'Obras'
export const INFORMATICA = 'Informática'
export const SEGURIDAD = 'Seguridad'

export const ABIERTO = 'Procedimiento abierto'
export const MENOR = 'Contrato menor'
export const NEGOCIADO = 'Negociado sin publicidad'

const buys = (
  unit: string,
  supplier: string,
  object: string,
  category: string,
  modality: string,
  thousands: number,
  currency = 'EUR',
): Purchase => ({ unit, supplier, object, category, modality, thousands, currency })

/** Contracts of Valdeflores, a made-up Spanish town. */
export const VALDEFLORES = townOf({
  currency: 'EUR',
  buyer: AYUNTAMIENTO,
  ownBuyers: [AGUAS],
  suppliers: {
    [COMEDORES]: 'B10203040',
    [VEGA]: 'A20304050',
    [CASTILLA]: 'B30405060',
    [FARMALINEA]: 'A40506070',
    [CERVANTES]: 'B50607080',
    [PENALBA]: 'A60708090',
    [DUERO]: 'B70809010',
    [NEXUS]: 'B80901020',
    [CENTINELA]: 'A90102030',
    [RIBERA]: 'B11223344',
  },
  purchases: [
    buys(EDUCACION, COMEDORES, 'Servicio de comedor escolar', ALIMENTACION, ABIERTO, 400),
    buys(EDUCACION, VEGA, 'Transporte escolar de la zona rural', TRANSPORTE, ABIERTO, 320),
    buys(SANIDAD, FARMALINEA, 'Suministro de medicamentos para el centro de salud', FARMACIA, ABIERTO, 210),
    buys(SANIDAD, FARMALINEA, 'Guantes y mascarillas', FARMACIA, MENOR, 14),
    buys(SANIDAD, CASTILLA, 'Limpieza de consultorios', LIMPIEZA, ABIERTO, 150),
    buys(EDUCACION, CASTILLA, 'Limpieza de colegios', LIMPIEZA, ABIERTO, 260),
    buys(EDUCACION, CERVANTES, 'Papel A4 y cuadernos', OFICINA, MENOR, 9),
    buys(URBANISMO, PENALBA, 'Rehabilitación del mercado de abastos', OBRAS, ABIERTO, 1400),
    buys(URBANISMO, DUERO, 'Asfaltado de la calle Mayor', OBRAS, ABIERTO, 900),
    buys(URBANISMO, DUERO, 'Bacheo de caminos', OBRAS, MENOR, 38),
    buys(POLICIA, RIBERA, 'Gasóleo para los vehículos patrulla', CARBURANTES, MENOR, 13),
    buys(AGUAS, RIBERA, 'Gasóleo para las bombas', CARBURANTES, ABIERTO, 120),
    buys(AGUAS, PENALBA, 'Renovación de tuberías', OBRAS, ABIERTO, 700),
    buys(AGUAS, NEXUS, 'Licencias de telecontrol', INFORMATICA, NEGOCIADO, 60, 'USD'),
    buys(EDUCACION, NEXUS, 'Ordenadores portátiles para aulas', INFORMATICA, ABIERTO, 180),
    buys(POLICIA, CENTINELA, 'Vigilancia con cámaras', SEGURIDAD, NEGOCIADO, 75),
    buys(FESTEJOS, CENTINELA, 'Vigilancia del recinto ferial', SEGURIDAD, MENOR, 12),
    buys(FESTEJOS, COMEDORES, 'Paella popular', ALIMENTACION, MENOR, 6),
  ],
})
