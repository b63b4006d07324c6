import { type Purchase, townOf } from './town.ts'

export const COUNCIL = 'Ashford Vale Borough Council'
export const TRUST = 'Ashford Vale Hospital Trust'
export const EDUCATION = 'Department of Education'
export const HIGHWAYS = 'Department of Highways'
export const CORPORATE = 'Corporate Services'
export const HOUSING = 'Department of Housing'
export const LIBRARIES = 'Libraries and Museums'

export const GREENFIELD = 'Greenfield Catering Ltd'
export const NORTHLINE = 'Northline Coaches Ltd'
export const SPARKLE = 'Sparkle & Sons Ltd'
export const MEDIWELL = 'Mediwell Pharma plc'
export const PAGEBOY = 'Pageboy Stationers Ltd'
export const STONEBRIDGE = 'Stonebridge Construction plc'
export const TARMOUTH = 'Tarmouth Surfacing Ltd'
export const BYTECRAFT = 'Bytecraft Systems Ltd'
export const SENTRY = 'Iron Sentry Guarding Ltd'
export const HILLSIDE = 'Hillside Fuels Ltd'

export const CATERING = 'Food and catering'
export const TRANSPORT = 'Transport'
export const CLEANING = 'Cleaning'
export const MEDICINES = 'Medical supplies'
export const OFFICE = 'Office supplies'
export const FUEL = 'Fuel'
export const WORKS = 'Construction works'
export const IT = 'Information technology'
export const SECURITY = 'Security'

export const OPEN = 'Open procedure'
export const DIRECT = 'Direct award'
export const FRAMEWORK = 'Framework agreement'

const buys = (
  unit: string,
  supplier: string,
  object: string,
  category: string,
  modality: string,
  thousands: number,
  currency = 'GBP',
): Purchase => ({ unit, supplier, object, category, modality, thousands, currency })

/** Contracts of Ashford Vale, a made-up English borough. */
export const ASHFORD_VALE = townOf({
  currency: 'GBP',
  buyer: COUNCIL,
  ownBuyers: [TRUST],
  suppliers: {
    [GREENFIELD]: '01234567',
    [NORTHLINE]: '02345678',
    [SPARKLE]: '03456789',
    [MEDIWELL]: '04567890',
    [PAGEBOY]: '05678901',
    [STONEBRIDGE]: '06789012',
    [TARMOUTH]: '07890123',
    [BYTECRAFT]: '08901234',
    [SENTRY]: '09012345',
    [HILLSIDE]: '10123456',
  },
  purchases: [
    buys(EDUCATION, GREENFIELD, 'School meals for primary pupils', CATERING, OPEN, 520),
    buys(EDUCATION, NORTHLINE, 'School transport for rural pupils', TRANSPORT, OPEN, 410),
    buys(TRUST, MEDIWELL, 'Medicines for the outpatient pharmacy', MEDICINES, FRAMEWORK, 640),
    buys(TRUST, MEDIWELL, 'Gloves and masks', MEDICINES, DIRECT, 28),
    buys(TRUST, SPARKLE, 'Ward cleaning', CLEANING, OPEN, 230),
    buys(CORPORATE, SPARKLE, 'Cleaning of the town hall', CLEANING, OPEN, 95),
    buys(CORPORATE, PAGEBOY, 'A4 paper and toner', OFFICE, DIRECT, 11),
    buys(HOUSING, STONEBRIDGE, 'Refurbishment of council flats', WORKS, OPEN, 2100),
    buys(HIGHWAYS, TARMOUTH, 'Resurfacing of Mill Lane', WORKS, OPEN, 870),
    buys(HIGHWAYS, TARMOUTH, 'Pothole repairs', WORKS, DIRECT, 46),
    buys(HIGHWAYS, HILLSIDE, 'Diesel for the gritters', FUEL, FRAMEWORK, 140),
    buys(CORPORATE, BYTECRAFT, 'Payroll software licences', IT, DIRECT, 70, 'USD'),
    buys(EDUCATION, BYTECRAFT, 'Laptops for classrooms', IT, FRAMEWORK, 190),
    buys(CORPORATE, SENTRY, 'Guarding of car parks', SECURITY, OPEN, 160),
    buys(LIBRARIES, SENTRY, 'Museum night guarding', SECURITY, DIRECT, 24),
    buys(LIBRARIES, PAGEBOY, 'Children’s books', OFFICE, DIRECT, 17),
    buys(LIBRARIES, STONEBRIDGE, 'Roof repairs at the library', WORKS, DIRECT, 49),
    buys(HOUSING, SPARKLE, 'Stairwell cleaning', CLEANING, FRAMEWORK, 88),
  ],
})
