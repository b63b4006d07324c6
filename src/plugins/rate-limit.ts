import { once } from 'node:events'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Cluster, Redis } from 'ioredis'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { wantsEventStream } from './auth.ts'
import {
  type AddRequests,
  addingOnRedis,
  type Count,
  type CountRequest,
  localCounts,
  sharedCounts,
} from './rate-limit-store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** With `login` a request counts against the limit of login attempts as well. */
    limit?: 'login'
  }
  interface FastifyInstance {
    /** Returns the keys by which a signed-in request is counted. */
    limitKeys(request: FastifyRequest): readonly [address: string, user: string]
    /**
     * Counts a signed-in request by its keys.
     * @returns what is left to its user; undefined where a limit is reached
     */
    countKnown(keys: readonly [address: string, user: string]): Left | undefined | Promise<Left | undefined>
  }
}

export interface RateLimitOptions {
  /** Largest number of requests a minute from one address. */
  perAddress: number
  perUser: number
  perLogin: number
  /** Redis that counts for all instances together; a connection of its own is made from it. */
  redis?: Redis | Cluster | undefined
  /** First part of the keys on Redis. */
  prefix?: string
  /** Counts for all workers of this machine together, where there is no Redis. */
  addRequests?: AddRequests | undefined
  /** Answers a GET event-stream that is over its limit; any other status than 200 ends an EventSource for good. */
  refuseStream?: (request: FastifyRequest, reply: FastifyReply, retryAfterSeconds: number) => unknown
  now?: () => number
}

const WINDOW_MS = 60_000

/** Time for which the start waits for Redis, in ms. */
const READY_MS = 1000

/** The rest of a limit, and the time until it begins anew. */
export interface Left {
  remaining: number
  ttlInSeconds: number
}

interface Verdict extends Left {
  key: string
  max: number
  isExceeded: boolean
}

/** Returns the address as limits count it: IPv6 by its /64, IPv4 inside IPv6 as IPv4. */
export const addressKey = (request: FastifyRequest): string => rateLimit.normalizeIP(request.ip, 64)

/** Makes a connection that never delays a request: nothing is queued, nothing is tried twice. */
const ownConnection = (redis: Redis | Cluster): Redis | Cluster => {
  const options = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 500,
    lazyConnect: false,
  }
  return redis.isCluster
    ? (redis as Cluster).duplicate(undefined, {
        enableOfflineQueue: false,
        lazyConnect: false,
        redisOptions: options,
      })
    : (redis as Redis).duplicate(options)
}

/**
 * Limits requests per address before authentication, per user after it, and logins. A signed-in request counts
 * against both of the first two. The key behind a proxy is `request.ip`, which follows `trustProxy`.
 */
export const rateLimitPlugin = fp(
  async (app: FastifyInstance, options: RateLimitOptions) => {
    const { perAddress, perUser, perLogin, refuseStream, now = Date.now } = options
    const onError = (error: unknown) => app.log.warn({ err: error }, 'rate limits are counted here only')
    let count: CountRequest = localCounts(now)
    if (options.addRequests) count = sharedCounts(options.addRequests, { now, onError })
    if (options.redis) {
      const redis = ownConnection(options.redis)
      redis.on('error', (error) => app.log.debug({ err: error }, 'the connection for rate limits'))
      app.addHook('onClose', async () => redis.disconnect())
      // Requests before the connection is ready would be counted here only, since nothing is queued.
      await once(redis, 'ready', { signal: AbortSignal.timeout(READY_MS) }).catch(onError)
      count = sharedCounts(addingOnRedis(redis, `${options.prefix ?? 'tributary'}:limit:`), { now, onError })
    }

    class Counts {
      incr(
        key: string,
        callback: (error: Error | null, result?: Count) => void,
        windowMs: number,
        max: number,
      ): void {
        const counted = count(key, windowMs, max)
        if (counted instanceof Promise) counted.then((result) => callback(null, result), callback)
        else callback(null, counted)
      }
      child() {
        return new Counts()
      }
    }

    await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS, store: Counts })
    // All limits share one store, so each key names its limit.
    const limiter = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
      app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator })
    const keyOfAddress = (request: FastifyRequest): string => `address:${addressKey(request)}`
    const keyOfUser = (request: FastifyRequest): string => `user:${request.maybeIdentity?.id}`
    const checkAddress = limiter(perAddress, keyOfAddress)
    const checkLogin = limiter(perLogin, (request) => `login:${addressKey(request)}`)
    const checkUser = limiter(perUser, keyOfUser)
    app.decorate('limitKeys', (request) => [keyOfAddress(request), keyOfUser(request)] as const)
    const leftOf = ({ current, ttl }: Count): Left | undefined =>
      current > perUser ? undefined : { remaining: perUser - current, ttlInSeconds: Math.ceil(ttl / 1000) }
    const countUser = ({ current }: Count, user: string) => {
      if (current > perAddress) return undefined
      const counted = count(user, WINDOW_MS, perUser)
      return counted instanceof Promise ? counted.then(leftOf) : leftOf(counted)
    }
    app.decorate('countKnown', ([address, user]) => {
      const counted = count(address, WINDOW_MS, perAddress)
      return counted instanceof Promise
        ? counted.then((count) => countUser(count, user))
        : countUser(counted, user)
    })

    const audited = localCounts(now)

    const exceed = async (request: FastifyRequest, reply: FastifyReply, verdict: Verdict) => {
      const retryAfter = Math.max(1, verdict.ttlInSeconds)
      if (audited(verdict.key, WINDOW_MS).current === 1) {
        await request
          .audit('security.rate_limited', {
            success: false,
            error_code: 'RATE_LIMITED',
            details: { limit: verdict.key, max: verdict.max },
          })
          .catch((error) => request.log.error({ err: error }, 'a rate limit could not be audited'))
      }
      if (refuseStream && wantsEventStream(request)) return refuseStream(request, reply, retryAfter)
      throw new Problem('RATE_LIMITED', say('request.many_requests', { seconds: retryAfter }), { retryAfter })
    }

    const enforce = async (
      check: ReturnType<typeof limiter>,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<boolean> => {
      const verdict = (await check(request)) as Verdict
      reply.header('x-ratelimit-limit', verdict.max)
      reply.header('x-ratelimit-remaining', verdict.remaining)
      reply.header('x-ratelimit-reset', verdict.ttlInSeconds)
      if (verdict.isExceeded) await exceed(request, reply, verdict)
      return verdict.isExceeded
    }

    app.addHook('onRequest', async (request, reply) => {
      if (await enforce(checkAddress, request, reply)) return reply
      if (request.routeOptions.config.limit === 'login' && (await enforce(checkLogin, request, reply)))
        return reply
    })

    // Runs after every onRequest hook, authentication among them, and before the body is read.
    app.addHook('preParsing', async (request, reply, payload) => {
      // The request must not continue once it has been answered.
      if (request.maybeIdentity && (await enforce(checkUser, request, reply))) await reply
      return payload
    })
  },
  { name: 'rate-limit', fastify: '5.x', dependencies: ['problem', 'audit'] },
)
