import t from 'tap'
import { AGENTS, agent, agentFor } from '../../src/intent/roster.ts'
import { INTENTS } from '../../src/intent/understanding.ts'

t.test('the roster has the agents of the documents, each with name, purpose and prompt', async (t) => {
  for (const id of [
    'drummond',
    'zumbi',
    'anita',
    'tiradentes',
    'abaporu',
    'machado',
    'bonifacio',
    'oscar_niemeyer',
    'obaluaie',
    'oxossi',
    'assistant',
    'architect',
  ])
    t.match(agent(id), { id, name: /\S/, purpose: /\S/, prompt: /língua em que a pessoa escreve/ }, id)
  t.equal(new Set(AGENTS.map((one) => one.id)).size, AGENTS.length, 'ids are unique')
})

t.test('each intent is taken by one agent', async (t) => {
  for (const intent of INTENTS) {
    t.equal(AGENTS.filter((one) => (one.intents as string[]).includes(intent)).length, 1, intent)
    t.ok(agentFor(intent).intents.includes(intent), intent)
  }
  t.equal(agentFor('greeting').id, 'drummond')
  t.equal(agentFor('investigate').id, 'zumbi')
  t.equal(agentFor('report').id, 'tiradentes')
})

t.test('an id that no agent has is nobody, whatever it is called', async (t) => {
  for (const id of ['', 'Drummond', '__proto__', 'constructor']) t.equal(agent(id), undefined, id)
})
