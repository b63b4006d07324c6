import { EventEmitter, once } from 'node:events'
import { setTimeout as pace } from 'node:timers/promises'
import t from 'tap'
import { RefusedAccess } from '../../src/identity/access.ts'
import { ANONYMOUS_ID, type Identity, type Role } from '../../src/identity/identity.ts'
import { lockout } from '../../src/identity/lockout.ts'
import { makePassword, passwordCost, passwords } from '../../src/identity/passwords.ts'
import { type Credential, revocation } from '../../src/identity/revocation.ts'
import { ReusedToken, sessions } from '../../src/identity/sessions.ts'
import { EVERYONE, share, unshare } from '../../src/identity/share-rows.ts'
import { tickets } from '../../src/identity/tickets.ts'
import type { Tokens } from '../../src/identity/tokens.ts'
import { users } from '../../src/identity/users.ts'
import { openStore, type Store } from '../../src/store/database.ts'
import { accessIn } from '../support/access.ts'
import { cheapPasswords as cheap } from '../support/passwords.ts'
import { DIALECTS, openTestStore, testStoreOptions } from '../support/store.ts'

const clock = (start = Date.now()) => {
  let at = start
  return Object.assign(() => at, {
    advance: (ms: number) => {
      at += ms
    },
  })
}

/** Tokens are told by what they are made for; how they are signed is tried over HTTP. */
const plainTokens: Tokens = {
  accessTtlSeconds: 900,
  cookieTtlSeconds: 900,
  access: (subject) => JSON.stringify(subject),
  cookie: (subject) => JSON.stringify(subject),
  verify: async (token) => {
    const { userId, session, generation } = JSON.parse(token)
    return { issuer: 'own', credential: { userId, session, generation, expiresAt: null } }
  },
}

t.test('passwords', async (t) => {
  const hash = await cheap.hash('pässword')
  t.match(hash, /^scrypt\$1024\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  t.not(hash, await cheap.hash('pässword'), 'every hash has its own salt')
  t.ok(await cheap.verify('pässword', hash))
  t.ok(await cheap.verify('p\u0061\u0308ssword', hash), 'however the letter was typed')
  t.notOk(await cheap.verify('password', hash))
  t.ok(await passwords(passwordCost(11)).verify('pässword', hash), 'the parameters are those of the hash')
  for (const none of [undefined, '', 'scrypt$1', 'plain', `${hash}x$`])
    t.notOk(await cheap.verify('pässword', none), String(none))
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, n) => cheap.verify(n % 2 === 0 ? 'pässword' : 'wrong', hash)),
  )
  t.same(
    many,
    Array.from({ length: 20 }, (_, n) => n % 2 === 0),
    'many at once take turns',
  )
  const { cost, blockSize, parallelization } = passwordCost(15)
  t.equal(128 * cost * blockSize, 32 * 1024 * 1024)
  t.equal(parallelization, 3)
  const made = new Set(Array.from({ length: 200 }, makePassword))
  t.equal(made.size, 200)
  for (const password of made) if (!/^[a-km-np-z2-9]{20}$/.test(password)) t.fail(password)

  const real = passwords({ cost: 2 ** 13, blockSize: 8, parallelization: 1 })
  const known = await real.hash('right')
  /** Milliseconds of the processor, all threads: what else the machine does hardly counts. */
  const work = async (hash: string | undefined) => {
    const before = process.cpuUsage()
    await real.verify('wrong', hash)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const least = async (hash: string | undefined) => {
    const works = []
    for (let n = 0; n < 7; n++) works.push(await work(hash))
    return Math.min(...works)
  }
  const [user, nobody] = [await least(known), await least(undefined)]
  t.comment(`a wrong password costs ${user.toFixed(0)} ms, an unknown user ${nobody.toFixed(0)} ms`)
  t.ok(nobody > user / 3 && nobody < user * 3, 'time does not tell whether a user exists')
})

const parts = (store: Store, now: () => number = Date.now, pollMs = 2000) => {
  const revoked = revocation(store, { now, pollMs })
  t.teardown(() => revoked.close())
  return {
    revoked,
    known: users(store, { passwords: cheap, revocation: revoked, now }),
    open: sessions(store, {
      tokens: plainTokens,
      passwords: cheap,
      revocation: revoked,
      refreshTtlSeconds: 3600,
      now,
    }),
  }
}

const credentialOf = async (accessToken: string): Promise<Credential> => {
  const verified = await plainTokens.verify(accessToken, 'bearer')
  if (verified.issuer !== 'own') throw new Error('not ours')
  return verified.credential
}

const address = '203.0.113.9'

for (const dialect of DIALECTS) {
  t.test(`the first user on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const { known, open } = parts(store)
    await t.rejects(known.ensureFirstUser({ username: 'root', production: true }), {
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'ADMIN_PASSWORD' }],
    })
    const both = await Promise.all([
      known.ensureFirstUser({ username: 'root', production: false }),
      known.ensureFirstUser({ username: 'root', production: false }),
    ])
    const made = both.filter((one) => one !== undefined)
    t.equal(made.length, 1, 'of two instances that start at once one makes it')
    const password = made[0]?.madePassword as string
    t.match(made[0], { user: { username: 'root', role: 'admin', disabled: false }, madePassword: /^.{20}$/ })
    t.ok(await open.login({ username: 'root', password, address }))
    t.notMatch(JSON.stringify(await store.db.selectFrom('users').selectAll().execute()), password)
    t.equal(await known.ensureFirstUser({ username: 'other', password: 'x', production: true }), undefined)
    const given = await openTestStore(dialect)
    const first = await parts(given).known.ensureFirstUser({
      username: 'root',
      password: 'given',
      production: true,
    })
    t.equal(first?.madePassword, null)
    t.ok(await parts(given).open.login({ username: 'root', password: 'given', address }))
  })

  t.test(`sessions and tickets on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const now = clock()
    const { known, open, revoked } = parts(store, now)
    const user = await known.create({ username: 'ana', password: 'the password', role: 'viewer' })
    const signIn = () => open.login({ username: 'ana', password: 'the password', address })

    const first = await signIn()
    const second = await open.refresh(first.refreshToken)
    t.equal(second.session, first.session)
    await t.rejects(open.refresh('unknown'), { code: 'UNAUTHENTICATED' })
    const reused = await open.refresh(first.refreshToken).catch((error) => error)
    t.ok(reused instanceof ReusedToken)
    t.match(reused, { session: first.session, userId: user.id })
    await t.rejects(open.refresh(second.refreshToken), { code: 'UNAUTHENTICATED' })
    t.equal(await revoked.userOf(await credentialOf(second.accessToken)), undefined)
    t.notMatch(
      JSON.stringify(await store.db.selectFrom('refresh_tokens').selectAll().execute()),
      second.refreshToken,
      'only hashes are kept',
    )

    const raced = await signIn()
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => open.refresh(raced.refreshToken)))
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    t.equal(won.length, 1)
    t.ok(await open.refresh(won[0]?.refreshToken as string), 'the family lives on')

    const old = await signIn()
    now.advance(3_600_001)
    await t.rejects(open.refresh(old.refreshToken), { code: 'UNAUTHENTICATED' }, 'refresh tokens end')
    t.equal((await open.sessionOf(old.refreshToken))?.session, old.session)
    now.advance(3 * 86_400_000)
    await signIn()
    t.equal(await open.sessionOf(old.refreshToken), undefined, 'and are forgotten')

    const sold = tickets(store, { ttlSeconds: 60, now })
    const holder = await credentialOf((await signIn()).accessToken)
    const ticket = await sold.issue({ ...holder, expiresAt: 4711 })
    const tried = await Promise.all(Array.from({ length: 6 }, () => sold.redeem(ticket, '/a', false)))
    const opened = tried.filter((one) => one !== undefined)
    t.same(opened, [{ ...holder, expiresAt: 4711 }], 'one of six gets in')
    t.ok(await sold.redeem(ticket, '/a', true))
    t.equal(await sold.redeem(ticket, '/b', true), undefined)
    t.equal(await sold.redeem('unknown', '/a', true), undefined)
    await t.rejects(sold.issue({ ...holder, userId: 'removed' }), { code: 'UNAUTHENTICATED' })
    now.advance(60_000)
    t.equal(await sold.redeem(ticket, '/a', true), undefined)
    await sold.issue(holder)
    t.equal((await store.db.selectFrom('tickets').selectAll().execute()).length, 1, 'old tickets are swept')

    const guard = lockout(store, { now })
    const fail = () => guard.guard({ username: 'ana', address: 'x' }, async () => undefined)
    for (let n = 0; n < 5; n++) await fail()
    await t.rejects(fail(), { code: 'LOCKED_OUT', retryAfter: 3600 })
    t.equal(await guard.guard({ username: 'ana', address: 'y' }, async () => 'in'), 'in')
    await t.rejects(
      lockout(store, { now }).guard({ username: 'ana', address: 'x' }, async () => 'in'),
      { code: 'LOCKED_OUT' },
      'another instance knows it too',
    )

    // Each has its own guard, as instances have.
    const gates = new EventEmitter()
    const attempt = (gate: string, outcome?: string) =>
      lockout(store, { now }).guard({ username: 'ana', address: 'z' }, async () => {
        await once(gates, gate)
        return outcome
      })
    const guesses = Promise.allSettled(Array.from({ length: 8 }, () => attempt('wrong')))
    const last = attempt('right', 'in').catch((error) => error.code)
    await pace(100)
    gates.emit('wrong')
    const told = (await guesses).filter(({ status }) => status === 'fulfilled')
    t.equal(told.length, 5, 'of eight at once five are told that they failed')
    gates.emit('right')
    t.equal(await last, 'LOCKED_OUT', 'one that began before is not let in afterwards')
  })

  t.test(`a session that ends while it is renewed, on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const { known, open, revoked } = parts(store)
    await known.create({ username: 'ana', password: 'the password', role: 'viewer' })
    const first = await open.login({ username: 'ana', password: 'the password', address })
    let ending: Promise<void> | undefined
    const second = await open.refresh(first.refreshToken, async () => {
      ending = open.revoke(first.session)
      await pace(100)
    })
    await ending
    await t.rejects(open.refresh(second.refreshToken), { code: 'UNAUTHENTICATED' }, 'is not renewed again')
    t.equal(await revoked.userOf(await credentialOf(second.accessToken)), undefined)
  })

  t.test(`revocation reaches other instances on ${dialect}`, async (t) => {
    const options = await testStoreOptions(dialect)
    const [here, there] = [await openStore(options), await openStore(options)]
    // Polling alone does not keep a process alive.
    const alive = setInterval(() => undefined, 1000)
    t.teardown(() => {
      clearInterval(alive)
      return Promise.all([here.close(), there.close()])
    })
    const a = parts(here)
    const b = parts(there, Date.now, 50)
    const user = await a.known.create({ username: 'ana', password: 'the password', role: 'viewer' })
    const keeper = await a.known.create({ username: 'bia', password: 'the password', role: 'viewer' })
    const signIn = async (username = 'ana') =>
      credentialOf((await a.open.login({ username, password: 'the password', address })).accessToken)

    const [ended, kept, others] = [await signIn(), await signIn(), await signIn('bia')]
    const signals = {
      local: a.revoked.signal(ended),
      remote: b.revoked.signal(ended),
      kept: b.revoked.signal(kept),
      others: b.revoked.signal(others),
    }
    t.equal(b.revoked.signal(ended), signals.remote, 'one signal a credential')
    const heard = once(signals.remote, 'abort')
    await a.open.revoke(ended.session as string)
    t.ok(signals.local.aborted, 'at once where it was done')
    await heard
    t.notOk(signals.kept.aborted, 'another session of the same user goes on')

    const disabled = once(signals.kept, 'abort')
    await a.known.change(user.id, { disabled: true })
    await disabled
    t.equal(await a.revoked.userOf(kept), undefined)
    t.notOk(signals.others.aborted, 'other users are left alone')
    t.equal((await b.revoked.userOf(others))?.username, 'bia')

    const deleted = once(signals.others, 'abort')
    await a.known.remove(keeper.id)
    await deleted
    t.equal(await a.revoked.userOf(others), undefined)
  })

  t.test(`administrators on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const { known } = parts(store)
    const make = (username: string) => known.create({ username, password: 'the password', role: 'admin' })
    const admins = await Promise.all(['a', 'b', 'c', 'd'].map(make))
    const outcomes = await Promise.allSettled(
      admins.map(({ id }, index) =>
        index % 2 === 0
          ? known.remove(id)
          : known.change(id, index === 1 ? { disabled: true } : { role: 'viewer' }),
      ),
    )
    t.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1)
    t.match(
      outcomes.find(({ status }) => status === 'rejected'),
      { reason: { code: 'CONFLICT' } },
      'whoever would be the last one is refused',
    )
    const left = (await known.list({ limit: 10 })).filter((user) => user.role === 'admin' && !user.disabled)
    t.equal(left.length, 1)
    await t.rejects(make(left[0]?.username as string), { code: 'CONFLICT' })
  })

  t.test(`access on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const { known } = parts(store)
    const identity = async (username: string, role: Role): Promise<Identity> => {
      const { id } = await known.create({ username, password: 'the password', role })
      return { id, username, email: null, role, expiresAt: null, revoked: new AbortController().signal }
    }
    const [owner, other, admin] = [
      await identity('owner', 'analyst'),
      await identity('other', 'analyst'),
      await identity('boss', 'admin'),
    ]
    const anonymous: Identity = { ...other, id: ANONYMOUS_ID, username: ANONYMOUS_ID }
    const dataset = (id: string, owner: string | null) => ({
      id,
      name: id,
      owner,
      state: 'ready' as const,
      created_at: 1,
    })
    await store.db
      .insertInto('datasets')
      .values(
        [dataset('d', owner.id), dataset('sample', null)].map((row) => ({
          ...row,
          synthetic: 0,
          rows: 0,
          rejected: 0,
          bytes: 0,
          columns_json: '{}',
          warnings_json: '[]',
          rejects_json: '[]',
        })),
      )
      .execute()
    await store.db
      .insertInto('investigations')
      .values({
        id: 'i',
        stream_id: 's',
        owner: owner.id,
        query: '',
        request_json: '{}',
        status: 'pending',
        dataset_id: 'd',
        progress: 0,
        phase: null,
        records_processed: 0,
        records_total: 0,
        anomalies_detected: 0,
        checkpoint_json: '{}',
        summary_json: null,
        created_at: 1,
        started_at: null,
        ended_at: null,
      })
      .execute()
    const stream = (id: string, channel: string) => ({
      id,
      kind: 'chat',
      channel,
      owner: owner.id,
      state: 'running' as const,
      instance: null,
      lease_until: 0,
      fence: 1,
      on_disconnect: 'cancel' as const,
      cancel_requested: 0,
      epoch: null,
      terminal_json: null,
      end_epoch: null,
      end_offset: null,
      started_at: 1,
      ended_at: null,
    })
    await store.db
      .insertInto('streams')
      .values([stream('s', 'investigation:i'), stream('talk', 'stream:talk')])
      .execute()

    const access = accessIn(store)
    const table = async (who: Identity) => {
      const found: Record<string, string> = {}
      for (const [type, id] of [
        ['dataset', 'd'],
        ['dataset', 'sample'],
        ['investigation', 'i'],
        ['stream', 's'],
        ['stream', 'talk'],
        ['dataset', 'nothing'],
        ['investigation', 's'],
      ] as const)
        found[`${type} ${id}`] = await access.of(who, { type, id })
      return Object.values(found).join(' ')
    }
    t.equal(await table(owner), 'own shared own own own none none')
    t.equal(await table(admin), 'own own own own own none none')
    t.equal(await table(other), 'none shared none none none none none')
    await share(store.db, { type: 'investigation', id: 'i' }, other.id)
    await share(store.db, { type: 'investigation', id: 'i' }, other.id)
    t.equal(
      await table(other),
      'none shared shared shared none none none',
      'its stream too, but not its data',
    )
    t.equal(await table(anonymous), 'none shared none none none none none')
    await unshare(store.db, { type: 'investigation', id: 'i' }, other.id)
    t.equal(await table(other), 'none shared none none none none none')
    await share(store.db, { type: 'investigation', id: 'i' }, EVERYONE)
    t.equal(await table(other), 'none shared shared shared none none none')
    t.equal(await table(anonymous), 'none shared none none none none none', 'everyone is everyone signed in')

    const want = (id: string, needed: 'own' | 'shared') =>
      access.require(other, { type: 'investigation', id }, needed)
    t.equal(await want('i', 'shared'), 'shared')
    await t.rejects(want('i', 'own'), { code: 'FORBIDDEN' })
    await unshare(store.db, { type: 'investigation', id: 'i' }, EVERYONE)
    await t.rejects(unshare(store.db, { type: 'investigation', id: 'i' }, EVERYONE), { code: 'NOT_FOUND' })
    const refusal = await want('i', 'shared').catch((error) => error)
    const absence = await want('nothing', 'shared').catch((error) => error)
    t.equal(refusal.code, 'NOT_FOUND')
    t.equal(refusal.message, absence.message, 'the answer does not tell one from the other')
    t.ok(refusal.cause instanceof RefusedAccess, 'the audit log does')
    t.equal(absence.cause, undefined)
  })
}
