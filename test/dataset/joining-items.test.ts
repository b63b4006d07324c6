import t from 'tap'
import { read } from './reading.ts'

t.test(
  'the total of a contract beside each of its numbered items counts once, whatever the objects',
  async (t) => {
    const { report, rows, sum } = await read(
      [
        'id_contrato,id_renglon,proveedor,descripcion_item,precio_unitario_item,cantidad_item,monto_total_contrato',
        '4,1,ALFA SA,Servicios de direcciones,,,726.00',
        '4,2,ALFA SA,Impuesto por servicios digitales,,,726.00',
        '5,1,BETA SA,Diálisis,10.00,2,50.00',
        '5,2,BETA SA,Residencia,30.00,1,50.00',
        '6,1,BETA SA,Traslado,7.00,1,7.00',
      ].join('\n'),
    )
    t.same([report.lines, report.rows, report.merged, sum], [5, 3, 2, 783_00])
    t.match(rows[0], { value: 726, source_lines: [2, 3] })
  },
)

t.test('a supplier whose tax number one of its rows lacks is one supplier', async (t) => {
  const { report, rows, sum } = await read(
    [
      'id_contrato,id_renglon,proveedor_cuit,proveedor_razon_social,descripcion_item,cantidad_item,monto_total_contrato',
      '83,1,,Alpha Group SRL,Comprimidos A,300,500.00',
      '83,2,30-71187832-3,alpha group s.r.l,Ampollas B,4,500.00',
      '83,3,30-71187832-3,Alpha Group SRL,Comprimidos C,100,500.00',
      '83,1,,Otra SA,Gasas,10,70.00',
    ].join('\n'),
  )
  t.same([report.rows, report.merged, sum], [2, 2, 570_00])
  t.match(rows[0], { value: 500, source_lines: [2, 3, 4] })
})

t.test('equal totals of lines, which are not named as the contract’s, are added', async (t) => {
  const { report, sum } = await read(
    [
      'numero contrato;numero item;fornecedor;objeto;valor unitario;quantidade;valor total',
      '4/2024;1;ALFA LTDA;Cadeira;50,00;2;100,00',
      '4/2024;2;ALFA LTDA;Mesa;100,00;1;100,00',
    ].join('\n'),
  )
  t.same([report.rows, sum], [2, 200_00])
})

t.test('entries of a commitment: equal items both count, what goes into another year does not', async (t) => {
  const { report, rows, sum } = await read(
    [
      'codigo_documento;sequencial;data;operacao;fornecedor;valor_total',
      '2021NE000001;1;05/02/2021;INCLUSAO;ALFA LTDA;100,00',
      '2021NE000001;2;05/02/2021;INCLUSAO;ALFA LTDA;100,00',
      '2021NE000001;1;23/06/2021;REFORCO;ALFA LTDA;30,00',
      '2021NE000001;1;09/12/2021;ANULACAO;ALFA LTDA;20,00',
      '2021NE000001;1;14/01/2022;INSCRICAO EM RP;ALFA LTDA;210,00',
      '2021NE000002;1;05/02/2021;INCLUSAO;BETA LTDA;7,00',
    ].join('\n'),
  )
  t.same([report.rows, report.merged, sum], [2, 4, 217_00])
  t.match(rows[0], { initial_value: 200, final_value: 210 })
})
