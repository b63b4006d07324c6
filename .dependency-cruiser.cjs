const rooms = (...names) => `^src/(${names.join('|')})(/|\\.ts$)`
const everyone = ['protocol', 'errors', 'language', 'deadline']

/** What a room may import beside itself, `protocol`, `errors`, `language` and `deadline`; everything else is refused. */
const allowed = {
  protocol: [],
  language: [],
  channel: [],
  store: [],
  vocabulary: [],
  audit: ['store'],
  identity: ['store', 'audit'],
  stream: ['channel', 'store', 'identity', 'audit'],
  feed: ['audit', 'channel', 'stream', 'identity', 'turn', 'chat', 'investigation', 'vocabulary', 'store'],
  transport: ['channel', 'feed'],
  dataset: ['store'],
  investigation: ['stream', 'store', 'dataset', 'identity', 'audit'],
  llm: [],
  intent: ['investigation'],
  knowledge: ['dataset', 'investigation', 'identity', 'stream', 'store', 'intent'],
  'rule-answers': ['llm', 'intent', 'knowledge', 'investigation'],
  turn: ['stream', 'channel', 'store', 'llm', 'identity', 'audit'],
  chat: [
    'turn',
    'stream',
    'channel',
    'store',
    'llm',
    'intent',
    'knowledge',
    'investigation',
    'identity',
    'audit',
  ],
  prompt: ['turn', 'stream', 'store', 'llm', 'identity'],
  routes: [
    'audit',
    'chat',
    'dataset',
    'feed',
    'identity',
    'intent',
    'investigation',
    'llm',
    'plugins',
    'prompt',
    'stream',
    'transport',
    'turn',
    'vocabulary',
  ],
}

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
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
