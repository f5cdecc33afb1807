/** Against answers written by hand in the form of the Engine API 1.43, told over a local socket: no engine runs here. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseEndpoint } from '#main/collectors/services/docker/read.ts'
import { docker } from '#main/collectors/services/kinds/docker.ts'
import { collect } from './collect.ts'
import { type Asked, answeringServer } from './http-server.ts'

let directory: string
const ends: (() => unknown)[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-docker-'))
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  rmSync(directory, { recursive: true, force: true })
})

const containers = [
  { Id: 'a1', Names: ['/shop-web-1'], Image: 'shop/web:3', State: 'running', Status: 'Up 3 hours (healthy)' },
  { Id: 'b2', Names: ['/shop-job-1'], Image: 'shop/job:3', State: 'exited', Status: 'Exited (1) 2 minutes ago' },
]

const inspected: Readonly<Record<string, object>> = {
  a1: {
    RestartCount: 2,
    State: {
      Status: 'running',
      Running: true,
      OOMKilled: false,
      ExitCode: 0,
      StartedAt: '2026-01-05T00:00:00.5Z',
      Health: { Status: 'healthy', FailingStreak: 0, Log: [] },
    },
  },
  b2: {
    RestartCount: 0,
    State: { Status: 'exited', Running: false, OOMKilled: true, ExitCode: 137, StartedAt: '2026-01-05T00:00:00Z' },
  },
}

const stats = {
  cpu_stats: {
    cpu_usage: { total_usage: 12_500_000_000, usage_in_kernelmode: 2_500_000_000, usage_in_usermode: 10_000_000_000 },
    online_cpus: 4,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 500_000_000 },
  },
  memory_stats: { usage: 104_857_600, limit: 536_870_912, stats: { inactive_file: 4_857_600 } },
  networks: { eth0: { rx_bytes: 1000, tx_bytes: 2000, rx_errors: 0, tx_errors: 0, rx_dropped: 1, tx_dropped: 0 } },
  pids_stats: { current: 11 },
}

function engineAnswer({ url }: Asked) {
  if (url === '/version') return { Version: '24.0.7', ApiVersion: '1.43', Os: 'linux' }
  if (url.startsWith('/v1.41/containers/json')) return containers
  const [, id = '', what] = /^\/v1\.41\/containers\/(\w+)\/(json|stats)/.exec(url) ?? []
  const found = what === 'stats' ? stats : inspected[id]
  return found ?? ([404, { message: `No such container: ${id}` }] as const)
}

async function engine(answer: Parameters<typeof answeringServer>[0] = engineAnswer) {
  const path = join(directory, 'docker.sock')
  const server = await answeringServer(answer, { path })
  ends.push(server.close)
  return { endpoint: `unix://${path}`, server }
}

describe('a Docker collector', () => {
  it('reads state, health, restarts and usage, and sends nothing but GET', async () => {
    const { endpoint, server } = await engine()
    const read = await collect(docker, { endpoint })
    expect([read.code, read.reading.problems, read.bugs]).toEqual([null, [], []])
    const web = { name: 'shop-web-1', image: 'shop/web:3' }
    const job = { name: 'shop-job-1', image: 'shop/job:3' }
    const values = (labels: Record<string, string>, ...names: string[]) => names.map((name) => read.value(name, labels))
    expect(values(web, 'container_running', 'container_healthy', 'container_restarts_total')).toEqual([1, 1, 2])
    expect(values(job, 'container_running', 'container_healthy', 'container_exit_code')).toEqual([0, undefined, 137])
    expect(values(web, 'container_cpu_usage_seconds_total', 'container_cpu_user_seconds_total')).toEqual([12.5, 10])
    expect(values(web, 'container_memory_usage_bytes', 'container_memory_working_set_bytes')).toEqual([
      104_857_600, 100_000_000,
    ])
    expect(values(web, 'container_spec_memory_limit_bytes', 'container_processes')).toEqual([536_870_912, 11])
    expect(values({ ...web, interface: 'eth0' }, 'container_network_receive_bytes_total')).toEqual([1000])
    expect(read.value('container_oom_killed', job)).toBe(1)
    expect(read.value('container_start_time_seconds', web)).toBe(1_767_571_200.5)
    expect(read.value('engine_daemon_container_states_containers', { state: 'exited' })).toBe(1)
    expect(read.value('container_cpu_usage_seconds_total', job)).toBeUndefined()
    expect(new Set(server.asked.map(({ method }) => method))).toEqual(new Set(['GET']))
    expect(read.reading.facts).toContainEqual({ name: 'Engine', value: '24.0.7' })
  })

  it('leaves out a container that went meanwhile, and tells one that cannot be read', async () => {
    const { endpoint } = await engine((asked) => {
      if (asked.url.startsWith('/v1.41/containers/a1/json')) return [404, { message: 'No such container' }]
      if (asked.url.startsWith('/v1.41/containers/b2/json')) return [500, { message: 'driver failed' }]
      return engineAnswer(asked)
    })
    const read = await collect(docker, { endpoint })
    expect(read.code).toBeNull()
    expect(read.reading.problems).toEqual([expect.stringContaining('driver failed')])
    expect(read.names()).not.toContain('container_running')
  })

  it('says what is wrong with the socket or with who answers there', async () => {
    const missing = await collect(docker, { endpoint: `unix://${directory}/none.sock` })
    expect([missing.code, missing.failure?.reason.message]).toEqual([
      'socket-missing',
      `There is no socket ${directory}/none.sock: is the service running here?`,
    ])
    const { endpoint } = await engine(() => ({ Hello: 'world' }))
    const other = await collect(docker, { endpoint })
    expect(other.code).toBe('schema-changed')
    expect(other.failure?.reason.message).toContain('answered /version otherwise than Docker does: Version')
    const refused = await collect(docker, { endpoint: 'tcp://127.0.0.1:1' })
    expect(refused.code).toBe('connection-refused')
  })

  it('reads an engine over TCP', async () => {
    const server = await answeringServer(engineAnswer)
    ends.push(server.close)
    const read = await collect(docker, { endpoint: `tcp://127.0.0.1:${server.port}`, usage: false, all: false })
    expect(read.code).toBeNull()
    expect(server.asked.map(({ url }) => url)).toContain('/v1.41/containers/json?all=0')
    expect(server.asked.some(({ url }) => url.includes('/stats'))).toBe(false)
  })

  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://engine.example:2376', { host: 'engine.example:2376' }],
    ['tcp://[::1]:2376', { host: '[::1]:2376' }],
    ['http://engine.example:2376', null],
    ['tcp://user:word@engine.example:2376', null],
    ['/var/run/docker.sock', null],
  ])('understands %s', (text, endpoint) => expect(parseEndpoint(text)).toEqual(endpoint))
})
