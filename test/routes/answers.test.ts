import t from 'tap'
import { Value } from 'typebox/value'
import { ANSWERS } from '../../src/routes/answers.ts'
import { EXAMPLES } from '../../src/routes/examples.ts'

t.test('the examples of answers, which the service gives, are what their schemas say', async (t) => {
  for (const [route, schema] of Object.entries(ANSWERS)) {
    const example = EXAMPLES.find((one) => one.route === route)
    t.ok(example, route)
    t.same([...Value.Errors(schema, example?.answer.body)], [], route)
  }
})
