import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Compile } from 'typebox/schema'
import { parse } from 'yaml'
import { start } from '../../deploy/cluster/program.ts'
import { loadConfig, Settings } from '../../src/config.ts'
import { ProviderVariables } from '../../src/llm/provider-settings.ts'
import { fileSettingOf, isSecret } from '../../src/secret-files.ts'
import { freePort } from '../support/port.ts'
import { client, login, startProcess, told } from '../support/process.ts'
import { program } from '../support/program.ts'
import { fromRoot } from '../support/root.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked at, not typed
type Manifest = any

const settings = { ...Settings.properties, ...ProviderVariables }
const known = new Set([
  ...Object.keys(settings),
  ...Object.entries(settings)
    .filter(([, schema]) => isSecret(schema))
    .map(([name]) => fileSettingOf(name)),
])
const yaml = async (path: string): Promise<Manifest> =>
  parse(await readFile(fromRoot(path), 'utf8'), { merge: true })

const manifests = async (): Promise<Map<string, Manifest>> => {
  const { resources } = await yaml('deploy/kubernetes/kustomization.yaml')
  const files = (await readdir(fromRoot('deploy/kubernetes'))).filter((name) => name !== 'kustomization.yaml')
  t.same([...resources].sort(), files.sort(), 'every manifest is rendered')
  const all = await Promise.all(files.map((name) => yaml(`deploy/kubernetes/${name}`)))
  return new Map(all.map((one) => [one.kind, one]))
}

t.test(
  'Kubernetes: what selects finds the pods, which are hardened and probed on routes that are there',
  async (t) => {
    const of = await manifests()
    const { spec } = of.get('Deployment')
    const { labels } = spec.template.metadata
    t.same(spec.selector.matchLabels, labels)
    t.same(of.get('Service').spec.selector, labels)
    t.same(of.get('PodDisruptionBudget').spec.selector.matchLabels, labels)
    t.same(of.get('NetworkPolicy').spec.podSelector.matchLabels, labels)
    const { scaleTargetRef, metrics } = of.get('HorizontalPodAutoscaler').spec
    t.match(scaleTargetRef, { kind: 'Deployment', name: of.get('Deployment').metadata.name })
    t.equal(metrics[0].pods.metric.name, 'tributary_open_streams')
    t.same(spec.strategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } })

    const [container] = spec.template.spec.containers
    t.equal(spec.template.spec.securityContext.runAsNonRoot, true)
    t.match(container.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
    const ports = new Map(container.ports.map(({ name, containerPort }: Manifest) => [name, containerPort]))
    t.equal(of.get('Service').spec.ports[0].targetPort, [...ports.keys()][0])
    const env = new Map<string, string>(container.env.map(({ name, value }: Manifest) => [name, value]))
    for (const name of env.keys()) t.ok(known.has(name), `${name} is a setting`)
    t.equal(env.get('PORT'), String(ports.get('http')))
    const config = loadConfig(
      Object.fromEntries([...env].filter(([name]) => !name.endsWith('_FILE') && name !== 'NODE_ENV')),
    )
    const [, stay] = container.lifecycle.preStop.exec.command
    t.ok(
      spec.template.spec.terminationGracePeriodSeconds >= Number(stay) + config.DRAIN_SECONDS + 10,
      'a pod has the time to see its clients off',
    )
    const mounts = container.volumeMounts.map(({ mountPath }: Manifest) => mountPath)
    t.same(mounts, [config.DATA_DIR, '/tmp', '/run/secrets/tributary'])
    const service = await startProcess()
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const { path, port } = container[probe].httpGet
      t.ok(ports.has(port), probe)
      t.equal((await client(service.url).get(path)).status, 200, `${probe} at ${path}`)
    }
  },
)

t.test('compose: the file is what the Compose Specification allows', async (t) => {
  const schema = JSON.parse(await readFile(fromRoot('test/deploy/compose-spec/schema.json'), 'utf8'))
  const specification = Compile(schema)
  const file = await yaml('docker-compose.yml')
  t.same(specification.Errors(file), [true, []])
  const { app } = file.services
  t.notOk(specification.Check({ ...file, services: { app: { ...app, helthcheck: {} } } }), 'a slip is seen')
})

t.test('compose: three instances, a health check and secrets by file everywhere', async (t) => {
  const { services, secrets } = await yaml('docker-compose.yml')
  t.same(Object.keys(services).sort(), ['app', 'grafana', 'nginx', 'postgres', 'prometheus', 'redis'])
  t.equal(services.app.deploy.replicas, 3)
  for (const [name, { healthcheck, secrets: used = [] }] of Object.entries<Manifest>(services)) {
    t.ok(healthcheck?.test?.length > 1, `${name} has a health check`)
    for (const secret of used) t.ok(secrets[secret]?.file, `${secret} of ${name} is a file`)
  }
  for (const name of Object.keys(services.app.environment)) t.ok(known.has(name), `${name} is a setting`)
  const folder = await mkdtemp(join(tmpdir(), 'tributary-secrets-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  execFileSync('bash', [fromRoot('deploy/make-secrets.sh'), folder])
  const made = new Map<string, string>()
  for (const name of await readdir(folder)) made.set(name, await readFile(join(folder, name), 'utf8'))
  for (const name of Object.keys(secrets)) t.ok(made.get(name), `${name} is made`)
  execFileSync('bash', [fromRoot('deploy/make-secrets.sh'), folder])
  for (const [name, text] of made)
    t.equal(await readFile(join(folder, name), 'utf8'), text, `${name} is kept`)
  const env = Object.entries<string>(services.app.environment).map(([name, value]) => [
    name,
    value.replace('/run/secrets', folder).replace(/\$\{\w+:-(.*)\}/, '$1'),
  ])
  t.equal(loadConfig(Object.fromEntries(env)).JWT_SECRET, made.get('jwt_secret'), 'production takes them')
})

t.test('HAProxy streams an investigation, and keeps metrics inside', async (t) => {
  const service = await startProcess({ TRUST_PROXY: 'loopback' })
  const folder = await mkdtemp(join(tmpdir(), 'tributary-haproxy-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const deployed = await readFile(fromRoot('deploy/haproxy.cfg'), 'utf8')
  const adapted = deployed
    .replace('maxconn 65536', 'maxconn 1000')
    .replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replace(
      'server-template instance 10 app:8000 resolvers names init-addr libc,none',
      `server one ${new URL(service.url).host}`,
    )
    .replace(/\nresolvers[\s\S]*/, '\n')
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, adapted)
  const haproxy = await start({
    name: 'haproxy',
    command: program('haproxy', 'haproxy'),
    args: ['-db', '-f', file],
    ready: async (gone) => {
      while (!gone.aborted) {
        const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
        if (answer?.status === 200) return
        await sleep(50)
      }
    },
  })
  t.teardown(() => haproxy.stop(0))
  const admin = await login(`http://127.0.0.1:${port}`)
  const { stream_url } = await admin.investigate('sample')
  const events = await admin.events(`${stream_url}?lang=pt&token_like=SENTINEL`)
  await events.ended()
  t.equal(told(events).at(-1)?.type, 'complete')
  const socket = await admin.socket('/api/v1/ws')
  socket.close()
  t.equal((await admin.get('/metrics')).status, 404)
  t.match(haproxy.output(), `"path":"${stream_url}"`)
  t.notMatch(haproxy.output(), 'SENTINEL')
})
