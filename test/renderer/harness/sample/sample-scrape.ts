/** Targets of the sample console: what a small team scrapes, some of it in trouble. */
import { AppError } from '#shared/contract/errors.ts'
import type { EventName, HandlersOf, PayloadOf } from '#shared/contract/index.ts'
import type { PoolView, ScrapeState, ScrapeView, TargetView } from '#shared/contract/scrape.ts'
import { isNew, type Mode } from './modes.ts'

interface SampleScrape {
  readonly mode: Mode
  readonly emit: <K extends EventName>(name: K, payload: PayloadOf<K>) => void
}

const file = '/home/operator/.config/belfry/prometheus.yml'

export function sampleScrapeHandlers({ mode, emit }: SampleScrape): HandlersOf<'scrape'> {
  let pools = isNew(mode) ? [] : samplePools(Date.now())
  const view = (): ScrapeView => ({ file, exists: pools.length > 0, pools, problems: isNew(mode) ? [] : problems })
  const all = () => pools.flatMap(({ targets }) => targets)
  return {
    'scrape.targets': view,
    'scrape.reload': view,
    'scrape.metadata': () => [],
    'scrape.scrapeNow': ({ id }) => {
      const found = all().find((target) => target.id === id)
      if (!found) throw new AppError('not-found', 'There is no such target any more: prometheus.yml has changed.')
      return found
    },
    'scrape.try': ({ address }) => {
      if (address.includes('nobody')) {
        throw new AppError('unprocessable', `http://${address}/metrics: nothing listens there (ECONNREFUSED)`)
      }
      return {
        url: `http://${address}/metrics`,
        format: 'text',
        durationMs: 12.4,
        bytes: 68_231,
        samples: 812,
        metrics: 264,
        first: [
          { name: 'node_load1', labels: {}, value: '0.42' },
          { name: 'node_cpu_seconds_total', labels: { cpu: '0', mode: 'idle' }, value: '4461230.5' },
        ],
        remark: null,
      }
    },
    'scrape.add': ({ address, job }) => {
      const added = target(job, address, 'unknown', Date.now(), {})
      pools = [...pools.filter((pool) => pool.job !== job), { ...pool(job, [added]) }]
      emit('scrape.changed', { at: Date.now() })
      return { file, difference: `+++ ${file}\n+  - job_name: ${job}\n` }
    },
  }
}

const problems: ScrapeView['problems'] = [
  {
    level: 'warning',
    file,
    line: 31,
    message:
      '"kubernetes_sd_configs" in a job has no effect: of the ways to discover targets Belfry knows static_configs and file_sd_configs',
  },
  {
    level: 'error',
    file,
    line: 44,
    message: 'the job "billing" is not scraped as it stands here until this is mended',
  },
]

function samplePools(now: number): PoolView[] {
  const node = ['db-1', 'db-2', 'web-1', 'web-2'].map((host, index) =>
    target('node', `${host}:9100`, index === 1 ? 'down' : 'up', now, { env: 'prod' }),
  )
  return [
    pool('node', node),
    {
      ...pool('probes', [target('probes', 'example.org', 'up', now, {})]),
      droppedCount: 1,
      dropped: [{ discovered: { __address__: 'old:80' } }],
    },
    pool('branch', [target('branch', 'branch-7:9100', 'unobserved', now, {})]),
  ]
}

const pool = (job: string, targets: TargetView[]): PoolView => ({
  job,
  line: 12,
  everyMs: 15_000,
  targets,
  dropped: [],
  droppedCount: 0,
  problems: [],
})

function target(
  job: string,
  address: string,
  state: ScrapeState,
  now: number,
  labels: Record<string, string>,
): TargetView {
  const errors = {
    up: null,
    unknown: null,
    down: 'nothing listens there (ECONNREFUSED)',
    unobserved: 'Not looked at: this machine had no network of its own at that time.',
  }
  const isUp = state === 'up'
  return {
    id: `${job}-${address}`,
    job,
    url: `http://${address}/metrics`,
    labels: { ...labels, instance: address, job },
    discovered: { ...labels, __address__: address, __metrics_path__: '/metrics', __scheme__: 'http', job },
    state,
    lastAt: state === 'unknown' ? null : now - 4000,
    lastDurationMs: state === 'unknown' ? null : 14.2,
    lastBytes: isUp ? 68_231 : null,
    samples: isUp ? 812 : null,
    samplesKept: isUp ? 640 : null,
    error: errors[state],
    warnings: [],
    everyMs: 15_000,
    timeoutMs: 10_000,
    nextAt: now + 11_000,
  }
}
