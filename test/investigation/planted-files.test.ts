import t from 'tap'
import { scoreReadings } from '../support/planted/readings.ts'

/** The others are read by `npm run bench -- detection`. */
const FORMS_HERE = [['amendments', 'en'], ['stages', 'es'], 'ocds'] as const

t.test('planted cases are found in files as portals list them', async (t) => {
  for await (const { form, scores, lines, rows, contracts } of scoreReadings(7, 6_500, FORMS_HERE)) {
    t.equal(rows, contracts, `${form}: every contract is one row`)
    t.ok(lines > rows, `${form}: of several lines`)
    for (const one of scores) {
      t.same(one.decoys, [], `${form}, ${one.type}: no decoy`)
      t.same(one.missed, [], `${form}, ${one.type}: none missed`)
      t.same(one.wrong, [], `${form}, ${one.type}: none invented`)
    }
  }
})
