/** The same checks by Prometheus and blackbox_exporter: processor time of both per 1,000 probes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#test/support/free-port.ts'
import { lookAt } from './console-process.ts'

const exporterBinary = '/usr/bin/prometheus-blackbox-exporter'
const prometheusBinary = '/usr/bin/prometheus'
const warmUpMs = 5000

export interface PeerOptions {
  readonly directory: string
  readonly targets: readonly string[]
  readonly everySeconds: number
  readonly forMs: number
  /** Probes that reached the target so far. */
  answered(): Promise<number>
}

/** Milliseconds per 1,000 probes, or why they were not measured. */
export async function peerCost(options: PeerOptions): Promise<number | string> {
  if (!existsSync(exporterBinary)) return 'needs the package prometheus-blackbox-exporter'
  if (!existsSync(prometheusBinary)) return 'needs the package prometheus'
  if (!existsSync('/proc/self/stat')) return 'needs /proc'
  mkdirSync(options.directory, { recursive: true })
  const exporterPort = await freePort()
  const children = [
    spawn(
      exporterBinary,
      [`--config.file=${exporterConfig(options)}`, `--web.listen-address=127.0.0.1:${exporterPort}`],
      {
        stdio: 'ignore',
      },
    ),
    spawn(
      prometheusBinary,
      [
        `--config.file=${prometheusConfig(options, exporterPort)}`,
        `--storage.tsdb.path=${join(options.directory, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${await freePort()}`,
      ],
      { stdio: 'ignore' },
    ),
  ]
  try {
    await sleep(warmUpMs)
    const answeredBefore = await options.answered()
    const before = children.map(cpuMsOf)
    await sleep(options.forMs)
    const spentMs = children.map((child, index) => cpuMsOf(child) - (before[index] ?? 0)).reduce((a, b) => a + b)
    const probes = (await options.answered()) - answeredBefore
    return probes === 0 ? 'Prometheus probed nothing' : (spentMs / probes) * 1000
  } finally {
    for (const child of children) child.kill()
  }
}

function exporterConfig({ directory }: PeerOptions): string {
  const file = join(directory, 'blackbox.yml')
  const http = '{preferred_ip_protocol: ip4, fail_if_body_not_matches_regexp: ["well"]}'
  writeFileSync(file, `modules:\n  web:\n    prober: http\n    http: ${http}\n`)
  return file
}

function prometheusConfig({ directory, targets, everySeconds }: PeerOptions, exporterPort: number): string {
  const file = join(directory, 'prometheus.yml')
  const config = {
    global: { scrape_interval: `${everySeconds}s`, scrape_timeout: `${everySeconds}s` },
    scrape_configs: [
      {
        job_name: 'checks',
        metrics_path: '/probe',
        params: { module: ['web'] },
        static_configs: [{ targets }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: `127.0.0.1:${exporterPort}` },
        ],
      },
    ],
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config))
  return file
}

const cpuMsOf = ({ pid }: ChildProcess): number => (pid === undefined ? 0 : lookAt(pid).cpuMs)
