import t from 'tap'
import {
  likeness,
  nameOthers,
  numbersOf,
  readObject,
  sameNumbers,
} from '../../src/investigation/detectors/object-text.ts'
import { chiSquareTail, poissonTail } from '../../src/investigation/detectors/probability.ts'
import { isRenovation } from '../../src/investigation/detectors/renovation.ts'
import { readWaiver } from '../../src/investigation/detectors/waiver.ts'

t.test('a waiver is one by value only where its text says so, or says nothing', async (t) => {
  const read = (modality: string | null, basis: string | null) => {
    const waiver = readWaiver(modality, basis)
    return waiver && `${waiver.ground} ${waiver.regime} ${waiver.works}`
  }
  for (const [modality, basis, expected] of [
    ['Dispensa', 'Lei 14.133/2021, art. 75, II', 'value 14133 false'],
    ['Dispensa', 'Lei nº 14.133, de 1º de abril de 2021, art. 75, caput, inciso I', 'value 14133 true'],
    ['Dispensa', 'Lei 8.666/93, art. 24, inciso II', 'value 8666 false'],
    ['Dispensa', 'LEI 14.133/2021 Art: 75 Inc: II', 'value 14133 false'],
    ['Dispensa', 'inciso II do art. 24 da Lei 8.666/1993', 'value 8666 false'],
    [null, 'Lei 14.133/2021, art. 75, II', 'value 14133 false'],
    ['Dispensa por valor', null, 'value null null'],
    ['Dispensa de Licitação - Por valor', null, 'value null null'],
    ['Dispensa em razão do valor', 'Lei 8.666/93', 'value 8666 null'],
    ['Dispensa por valor', 'Lei 14.065/2020', 'value 14065 null'],
    ['Dispensa', null, 'unstated null null'],
    ['Dispensa de Licitação', 'Lei 14.133/2021, art. 75', 'unstated 14133 null'],
    ['Dispensa', 'Lei 14.133/2021, art. 75, III, a', null],
    ['Dispensa', 'Lei 14.133/2021, art. 75, VIII', null],
    ['Dispensa', 'Lei 14.133/2021, art. 75, XV', null],
    ['Dispensa', 'Lei 8.666/93, art. 24, IV', null],
    ['Dispensa', 'Lei 8.666/93, art. 24, XXII', null],
    ['Dispensa emergencial', null, null],
    ['Dispensa', 'Lei 13.979/2020, art. 4º', null],
    ['Dispensa', 'Lei 11.947/2009, art. 14', null],
    ['Dispensa', 'Lei 13.303/2016, art. 29, II', null],
    ['Inexigibilidade', 'Lei 14.133/2021, art. 74, I', null],
    ['Credenciamento', 'Lei 14.133/2021, art. 79', null],
    ['Pregão Eletrônico', 'Lei 14.133/2021, art. 28, I', null],
    ['Pregão', null, null],
    [null, null, null],
  ] as const) {
    t.equal(read(modality, basis), expected, `${modality} / ${basis}`)
  }
})

t.test('only the renovation of a building or of equipment may grow by half', async (t) => {
  for (const [object, expected] of [
    ['Reforma do edifício sede', true],
    ['REFORMA DA ESCOLA MUNICIPAL JOÃO XXIII', true],
    ['Contratação de empresa especializada para reforma do prédio da UBS', true],
    ['Execução de obra de reforma geral do hospital', true],
    ['Serviços de reforma de elevadores', true],
    ['Reforma da praça central', false],
    ['Reforma e pavimentação da rua da escola', false],
    ['Construção de escola', false],
    ['Aquisição de material para reforma do prédio', false],
    ['Elaboração de projeto de reforma do edifício', false],
    ['Plataforma de ensino para escolas', false],
    ['Consultoria sobre a reforma tributária', false],
  ] as const) {
    t.equal(isRenovation(object), expected, object)
  }
})

t.test('objects are the same up to spelling, never with other numbers', async (t) => {
  const same = (a: string, b: string) => {
    const [left, right] = [readObject(a), readObject(b)]
    return numbersOf(left) === numbersOf(right) && sameNumbers(left, right) && likeness(left, right) >= 0.5
  }
  t.ok(same('Aquisição de café, lote 1', 'AQUISICAO DE CAFE - LOTE Nº 01'))
  t.ok(same('Compra de 1.000 cadeiras', 'compra de 1000 cadeiras'))
  t.ok(same('Oxigênio, março/2024', 'oxigenio ref 03/2024'))
  t.ok(same('Processo 23347.011171.2024-24 reagentes', 'Processo 23347.011171/2024-24: reagentes'))
  t.notOk(same('Café, lote 1', 'Café, lote 2'))
  t.notOk(same('Drenagem, etapa II', 'Drenagem, etapa III'))
  t.notOk(same('Aluguel de janeiro', 'Aluguel de fevereiro'))
  t.notOk(same('Merenda, grupo A', 'Merenda, grupo B'))
  t.notOk(same('Lote 1 do processo 2', 'Lote 2 do processo 1'))
  t.notOk(same('Primeira parcela do serviço', 'Segunda parcela do serviço'))
  t.notOk(same('Aquisição de mesas', 'Locação de tratores'))
})

t.test('tails agree with published tables and with direct sums', async (t) => {
  const near = (found: number, expected: number, share = 1e-3) =>
    t.ok(Math.abs(found - expected) <= share * expected, `${found} is ${expected}`)
  near(chiSquareTail(15.507, 8), 0.05)
  near(chiSquareTail(112.022, 89), 0.05)
  near(chiSquareTail(20.09, 8), 0.01)
  t.equal(chiSquareTail(0, 8), 1)
  const direct = (count: number, mean: number) => {
    let term = Math.exp(-mean)
    for (let i = 1; i <= count; i++) term *= mean / i
    let sum = 0
    for (let i = count; term > sum * 1e-17; i++) {
      sum += term
      term *= mean / (i + 1)
    }
    return sum
  }
  for (const [count, mean] of [
    [12, 3],
    [13, 2],
    [40, 10],
    [5, 9],
  ] as const) {
    near(poissonTail(count, mean), direct(count, mean), 1e-9)
  }
  t.equal(poissonTail(12, 0), 0)
  t.ok(chiSquareTail(900, 89) > 0 && chiSquareTail(900, 89) < 1e-100)
})

t.test('two places in one form of words are two objects, short names too', async (t) => {
  const others = (a: string, b: string): boolean => nameOthers(readObject(a), readObject(b))
  t.ok(
    others('Dike along the river at Sitio Ibo, Lagtang', 'Dike along the river at Sitio Luyongan, Lagtang'),
  )
  t.ok(others('Obra na rua Sul', 'Obra na rua Fabrica'))
  t.notOk(others('Material por uso das escolas', 'Material para uso das escolas'))
  t.notOk(others('Aq. de mat. de limpeza', 'Aquisição de material de limpeza'))
  t.notOk(others('Road in Lira', 'Road in Lira, with drains'), 'what one adds is not held against it')
})
