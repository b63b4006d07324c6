/** The release before this one, and the commit that it was made of. */
export const PREVIOUS = { version: '0.1.0', commit: 'ad75a6c99aa04ae8bb4332dd9e740a4ed9fda7ba' } as const

/** Folder of the repository with the previous release's store and Redis, for tests that take them over. */
export const LEFT_BEHIND = `test/release/${PREVIOUS.version}`

/** The files there, all of which a release needs. */
export const LEFT_FILES = [
  'interface.txt',
  ...['sqlite', 'postgres'].flatMap((store) =>
    ['store.sql', 'told.jsonl', 'unfinished.jsonl'].map((file) => `${store}/${file}`),
  ),
  'postgres/redis.jsonl',
] as const
