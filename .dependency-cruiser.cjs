const rooms = (...names) => `^src/(${names.join('|')})(/|\\.ts$)`
const everyone = ['protocol', 'errors']

/** What a room may import beside itself, `protocol` and `errors`; everything else is refused. */
const allowed = {
  protocol: [],
  channel: [],
  store: [],
  vocabulary: [],
  stream: ['channel', 'store'],
  transport: ['channel'],
  identity: ['store'],
  audit: ['store'],
  dataset: ['store'],
  investigation: ['stream', 'store', 'dataset'],
  llm: [],
  agent: [],
  knowledge: ['dataset', 'investigation', 'identity', 'stream', 'store', 'agent'],
  local: ['llm', 'agent', 'knowledge'],
  turn: ['stream', 'channel', 'store', 'llm'],
  chat: ['turn', 'stream', 'store', 'llm', 'agent', 'knowledge', 'identity'],
  action: ['chat', 'turn', 'store', 'agent', 'knowledge', 'audit'],
  prompt: ['turn', 'stream', 'store', 'llm', 'identity'],
}

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(allowed).map(([room, may]) => ({
      name: `${room}-imports`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [rooms(room, ...everyone, ...may)] },
    })),
    {
      name: 'fastify-stays-outside',
      comment: 'Only the composition, plugins, routes and transports know Fastify.',
      severity: 'error',
      from: { path: '^src/', pathNot: [rooms('app', 'plugins', 'routes', 'transport')] },
      to: { path: 'node_modules/(@fastify/|fastify)' },
    },
    {
      name: 'plugins-serve-routes',
      severity: 'error',
      from: { path: '^src/plugins/' },
      to: { path: '^src/(app|main|routes)' },
    },
    { name: 'nobody-imports-main', severity: 'error', from: {}, to: { path: '^src/main\\.ts$' } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['^src/main\\.ts$', 'worker\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
}
