/** One run against a Docker Engine: which containers there are, and what each uses. Only GET requests are ever sent. */
import { z } from 'zod'
import { down } from '#main/checks/network/failure.ts'
import { tlsOptions } from '#main/checks/network/options.ts'
import { explainedParse } from '#shared/config/explain.ts'
import type { Labels } from '#shared/domain/series.ts'
import { getJson, type Question } from '../http.ts'
import { type Reading, type ServicePorts, ServiceRefusal } from '../kind.ts'
import { gatherMetrics, type MetricAbout, type Metrics } from '../metrics.ts'
import { ContainerList, Inspected, type ListedContainer, oldestApi, Stats, VersionAnswer } from './api.ts'

const Endpoint = z
  .string()
  .trim()
  .max(1000)
  .superRefine((text, context) => {
    if (parseEndpoint(text) !== null) return
    context.addIssue({
      code: 'custom',
      message: `expected unix:///var/run/docker.sock, tcp://host:2376 or npipe:////./pipe/docker_engine, got "${text.slice(0, 100)}"`,
    })
  })

export const DockerConfig = z.strictObject({
  endpoint: Endpoint.default('unix:///var/run/docker.sock').meta({
    title: 'Engine',
    description: 'A socket of this machine, or tcp:// with TLS',
    essential: true,
  }),
  all: z
    .boolean()
    .default(true)
    .meta({ title: 'Stopped containers too', description: 'Their state is told', group: 'What is read' }),
  usage: z.boolean().default(true).meta({
    title: 'What each uses',
    description: 'Processor, memory and network: one request a running container',
    group: 'What is read',
  }),
  mostContainers: z
    .number()
    .int()
    .min(1)
    .max(2000)
    .default(300)
    .meta({ title: 'Containers', description: 'At most so many are read one by one', group: 'What is read' }),
  tls: z.boolean().default(false).meta({ title: 'TLS', description: 'For tcp://', group: 'TLS' }),
  ...tlsOptions,
  certificate: z.string().max(100_000).default('').meta({
    title: 'Certificate of Belfry',
    description: 'PEM; empty: none',
    group: 'TLS',
    multiline: true,
  }),
  key: z
    .string()
    .max(100_000)
    .default('')
    .meta({ title: 'Key of Belfry', description: 'PEM', secret: true, group: 'TLS', multiline: true }),
})
export type DockerConfig = z.output<typeof DockerConfig>

/** cAdvisor's names where it has one. */
const about: Readonly<Record<string, MetricAbout>> = {
  engine_daemon_engine_info: { type: 'gauge', help: 'Version of the engine, as a label' },
  engine_daemon_container_states_containers: { type: 'gauge', help: 'Containers by state' },
  container_last_seen: { type: 'gauge', help: 'When the container was seen', unit: 'seconds' },
  container_running: { type: 'gauge', help: '1 while the container runs' },
  container_healthy: { type: 'gauge', help: '1 where its health check is content, 0.5 while it begins' },
  container_restarts_total: { type: 'counter', help: 'Times the engine started it again' },
  container_start_time_seconds: { type: 'gauge', help: 'When it was started', unit: 'seconds' },
  container_oom_killed: { type: 'gauge', help: '1 where it was ended for want of memory' },
  container_exit_code: { type: 'gauge', help: 'Of a container that has ended' },
  container_cpu_usage_seconds_total: { type: 'counter', help: 'Processor time used', unit: 'seconds' },
  container_cpu_user_seconds_total: { type: 'counter', help: 'Of it in programs', unit: 'seconds' },
  container_cpu_system_seconds_total: { type: 'counter', help: 'Of it in the kernel', unit: 'seconds' },
  container_cpu_cfs_throttled_seconds_total: { type: 'counter', help: 'Time it was held back', unit: 'seconds' },
  container_memory_usage_bytes: { type: 'gauge', help: 'Memory in use, caches too', unit: 'bytes' },
  container_memory_working_set_bytes: { type: 'gauge', help: 'Memory that cannot be given back', unit: 'bytes' },
  container_spec_memory_limit_bytes: { type: 'gauge', help: 'Memory it may use', unit: 'bytes' },
  container_processes: { type: 'gauge', help: 'Processes and threads' },
  container_network_receive_bytes_total: { type: 'counter', help: 'Received', unit: 'bytes' },
  container_network_transmit_bytes_total: { type: 'counter', help: 'Sent', unit: 'bytes' },
  container_network_receive_errors_total: { type: 'counter', help: 'Errors while receiving' },
  container_network_transmit_errors_total: { type: 'counter', help: 'Errors while sending' },
  container_network_receive_packets_dropped_total: { type: 'counter', help: 'Dropped while receiving' },
  container_network_transmit_packets_dropped_total: { type: 'counter', help: 'Dropped while sending' },
}

const maxBodyBytes = 16_777_216
const atOnce = 8
const mostTold = 3
const nanosecond = 1e-9

type Ask = <S extends z.ZodType>(path: string, schema: S) => Promise<z.output<S>>

export async function readDocker(config: DockerConfig, { clock }: ServicePorts, signal: AbortSignal): Promise<Reading> {
  const subject = config.endpoint
  const ask = askerOf(config, subject, (question) => getJson(question, subject, clock, signal))
  const version = await ask('/version', VersionAnswer)
  const listed = await ask(`/${oldestApi}/containers/json?all=${config.all ? 1 : 0}`, ContainerList)
  const metrics = gatherMetrics(about)
  const problems: string[] = []
  metrics.add('engine_daemon_engine_info', 1, { version: version.Version, os: version.Os })
  const states = new Map<string, number>([
    ['running', 0],
    ['paused', 0],
    ['exited', 0],
  ])
  for (const { State } of listed) states.set(State, (states.get(State) ?? 0) + 1)
  for (const [state, count] of states) metrics.add('engine_daemon_container_states_containers', count, { state })
  const wanted = listed.slice(0, config.mostContainers)
  if (wanted.length < listed.length) {
    problems.push(`The engine has ${listed.length} containers; the first ${wanted.length} are read one by one.`)
  }
  const queue = [...wanted]
  const refusals: string[] = []
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await readContainer(next, config.usage, ask, metrics, clock.now()).catch((error: unknown) => {
        if (!(error instanceof ServiceRefusal) || signal.aborted) throw error
        // It may have gone since the list was made.
        if (error.failure.reason.code !== 'not-found') refusals.push(error.failure.reason.message)
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  problems.push(...refusals.slice(0, mostTold))
  if (refusals.length > mostTold) problems.push(`... and ${refusals.length - mostTold} more containers.`)
  const facts = [
    { name: 'Engine', value: version.Version },
    { name: 'API', value: version.ApiVersion },
    { name: 'Containers', value: String(listed.length) },
  ]
  return { metrics: metrics.all(), facts, problems }
}

/** Looks for an engine at the usual socket: answers its version. */
export async function detectDocker(ports: ServicePorts, signal: AbortSignal): Promise<string | null> {
  const config = DockerConfig.parse({})
  try {
    const ask = askerOf(config, config.endpoint, (question) => getJson(question, config.endpoint, ports.clock, signal))
    return (await ask('/version', VersionAnswer)).Version
  } catch (error) {
    // No socket there, none that may be opened, or no engine behind it.
    if (error instanceof ServiceRefusal) return null
    throw error
  }
}

function askerOf(config: DockerConfig, subject: string, fetchJson: (question: Question) => Promise<unknown>): Ask {
  return async (path, schema) => {
    const answer = explainedParse(schema, await fetchJson(questionOf(config, path)))
    if (answer.ok) return answer.value
    const [first] = answer.issues
    const message = `${subject} answered ${path.split('?', 1)[0]} otherwise than Docker does: ${first?.path.join('.')}: ${first?.message}`
    throw new ServiceRefusal(down('schema-changed', message))
  }
}

function questionOf(config: DockerConfig, path: string): Question {
  const endpoint = parseEndpoint(config.endpoint)
  if (endpoint !== null && 'socketPath' in endpoint) {
    return { url: new URL(`http://docker${path}`), socketPath: endpoint.socketPath, maxBodyBytes }
  }
  const { certificate, key, verifyTls, authorities } = config
  const client = certificate === '' || key === '' ? {} : { client: { certificate, key } }
  const scheme = config.tls ? 'https' : 'http'
  return {
    url: new URL(`${scheme}://${endpoint?.host ?? ''}${path}`),
    tls: { verify: verifyTls, authorities, ...client },
    maxBodyBytes,
  }
}

async function readContainer(
  { Id, Names, Image }: ListedContainer,
  usage: boolean,
  ask: Ask,
  metrics: Metrics,
  at: number,
): Promise<void> {
  const labels = { name: (Names[0] ?? Id.slice(0, 12)).replace(/^\//, ''), image: Image }
  const inspected = await ask(`/${oldestApi}/containers/${encodeURIComponent(Id)}/json`, Inspected)
  takeState(inspected, labels, metrics, at)
  if (!usage || !inspected.State.Running) return
  const path = `/${oldestApi}/containers/${encodeURIComponent(Id)}/stats?stream=false&one-shot=true`
  takeStats(await ask(path, Stats), labels, metrics)
}

const healthValues: Readonly<Record<string, number>> = { healthy: 1, starting: 0.5, unhealthy: 0 }

function takeState({ State, RestartCount }: Inspected, labels: Labels, metrics: Metrics, at: number): void {
  metrics.add('container_last_seen', Math.round(at / 1000), labels)
  metrics.add('container_running', State.Running ? 1 : 0, labels)
  // Without a health check nobody knows.
  metrics.add('container_healthy', healthValues[State.Health?.Status ?? ''], labels)
  metrics.add('container_restarts_total', RestartCount, labels)
  metrics.add('container_oom_killed', State.OOMKilled ? 1 : 0, labels)
  if (State.Running) metrics.add('container_start_time_seconds', Date.parse(State.StartedAt) / 1000, labels)
  else if (State.Status === 'exited' || State.Status === 'dead') {
    metrics.add('container_exit_code', State.ExitCode, labels)
  }
}

function takeStats(stats: Stats, labels: Labels, metrics: Metrics): void {
  const cpu = stats.cpu_stats.cpu_usage ?? {}
  const seconds = (value: number | null | undefined) => (value == null ? null : value * nanosecond)
  metrics.add('container_cpu_usage_seconds_total', seconds(cpu.total_usage), labels)
  metrics.add('container_cpu_user_seconds_total', seconds(cpu.usage_in_usermode), labels)
  metrics.add('container_cpu_system_seconds_total', seconds(cpu.usage_in_kernelmode), labels)
  const throttled = stats.cpu_stats.throttling_data?.throttled_time
  metrics.add('container_cpu_cfs_throttled_seconds_total', seconds(throttled), labels)
  const { usage, limit, stats: parts } = stats.memory_stats
  metrics.add('container_memory_usage_bytes', usage, labels)
  // As cAdvisor and `docker stats` reckon: without the pages that could be given back at once.
  const inactive = parts?.['inactive_file'] ?? parts?.['total_inactive_file'] ?? 0
  metrics.add('container_memory_working_set_bytes', usage == null ? null : Math.max(0, usage - inactive), labels)
  metrics.add('container_spec_memory_limit_bytes', limit, labels)
  metrics.add('container_processes', stats.pids_stats?.current, labels)
  for (const [name, network] of Object.entries(stats.networks ?? {})) {
    const own = { ...labels, interface: name }
    metrics.add('container_network_receive_bytes_total', network.rx_bytes, own)
    metrics.add('container_network_transmit_bytes_total', network.tx_bytes, own)
    metrics.add('container_network_receive_errors_total', network.rx_errors, own)
    metrics.add('container_network_transmit_errors_total', network.tx_errors, own)
    metrics.add('container_network_receive_packets_dropped_total', network.rx_dropped, own)
    metrics.add('container_network_transmit_packets_dropped_total', network.tx_dropped, own)
  }
}

/** Null for what is none of the three. */
export function parseEndpoint(text: string): { readonly socketPath: string } | { readonly host: string } | null {
  const path = /^(?:unix|npipe):\/\/(\/.+)$/.exec(text)?.[1]
  if (path !== undefined) return { socketPath: path }
  const host = /^tcp:\/\/((?:\[[0-9a-f:.]+\]|[^\s/:@[\]]+):\d{1,5})\/?$/i.exec(text)?.[1]
  return host === undefined ? null : { host }
}
