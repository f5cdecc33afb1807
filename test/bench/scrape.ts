/**
 * What it costs to scrape 5,000 series and store them: the built console beside Prometheus, both scraping the same ten
 * targets at once, each second instead of every ten, so that there is something to measure. And one target that exposes a
 * million series, which has to end in a limit without holding up the main loop.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createExpositionParser } from '#shared/exposition/parser.ts'
import { freePort } from '#test/support/free-port.ts'
import { type ConsoleProcess, lookAt, startConsole } from './console-process.ts'
import { findOnPath } from './find-on-path.ts'
import type { Measure, Scenario } from './scenario.ts'

const targetCount = 10
const seriesEach = 500
const settleMs = 12_000
const measuredMs = 30_000
const millionSeries = 1_000_000
const millionMs = 15_000

export const scrape: Scenario = {
  name: 'scrape',
  async run({ directory, note }) {
    const exposition = expositionOf(seriesEach)
    const target = createServer((request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4')
      if (request.url === '/million') Readable.from(millionLines()).pipe(response)
      else response.end(exposition())
    }).listen(0, '127.0.0.1')
    await once(target, 'listening')
    const { port } = target.address() as AddressInfo
    try {
      const alone = await measureConsole(join(directory, 'alone'), [], note)
      note('the console without targets is measured')
      const belfry = await measureConsole(join(directory, 'belfry'), jobsOf(port), note)
      note('the console is measured')
      const peer = await measurePrometheus(join(directory, 'prometheus'), jobsOf(port))
      note('Prometheus is measured')
      const name = 'Prometheus'
      const beside = (value: (of: Cost) => number): NonNullable<Measure['peer']> =>
        typeof peer === 'string' ? { name, skipped: peer } : { name, value: value(peer) }
      const most = await longestTurn(join(directory, 'million'), port)
      return [
        { what: 'parsing a known exposition', unit: 'MB/s', belfry: parseMegabytes(exposition()) },
        {
          what: `scrape to stored, CPU, ${targetCount * seriesEach} series a second`,
          unit: '%',
          belfry: belfry.cpuPercent - alone.cpuPercent,
          peer: beside(({ cpuPercent }) => cpuPercent),
          goal: { ratioAtMost: 1 },
        },
        {
          what: 'the same, all of the console',
          unit: '%',
          belfry: belfry.cpuPercent,
          peer: beside(({ cpuPercent }) => cpuPercent),
        },
        {
          what: 'memory of the process while it scrapes',
          unit: 'MiB',
          belfry: belfry.residentMebibytes,
          peer: beside(({ residentMebibytes }) => residentMebibytes),
        },
        { what: 'work in one go, a million series, p99.9', unit: 'ms of processor', belfry: most.p999 },
        {
          what: 'work in one go, a million series, max',
          unit: 'ms of processor',
          belfry: most.max,
          goal: { atMost: 20 },
        },
      ]
    } finally {
      target.closeAllConnections()
      target.close()
    }
  },
}

interface Cost {
  readonly cpuPercent: number
  readonly residentMebibytes: number
}

/** Counters that count and gauges that move, as an exporter of hosts has them. */
function expositionOf(count: number): () => string {
  let scrapes = 0
  const families = 20
  return () => {
    scrapes++
    let text = ''
    for (let family = 0; family < families; family++) {
      const isCounter = family % 2 === 0
      const name = `bench_${family}_${isCounter ? 'seconds_total' : 'bytes'}`
      text += `# HELP ${name} Something that is measured on a host.\n# TYPE ${name} ${isCounter ? 'counter' : 'gauge'}\n`
      for (let index = 0; index < count / families; index++) {
        const value = isCounter ? scrapes * 0.37 + index : ((scrapes * 7919 + index * 104_729) % 1_000_003) * 4096
        text += `${name}{device="sda${index}",mode="idle",mountpoint="/var/lib/${index}"} ${value}\n`
      }
    }
    return text
  }
}

function* millionLines(): Iterable<string> {
  for (let index = 0; index < millionSeries; ) {
    let text = ''
    for (const end = index + 1000; index < end; index++) text += `many{number="${index}",mountpoint="/var/lib/x"} 1\n`
    yield text
  }
}

function jobsOf(port: number) {
  return Array.from({ length: targetCount }, (_, index) => ({
    job_name: `bench-${index}`,
    metrics_path: `/metrics/${index}`,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  }))
}

const prometheusConfig = (jobs: readonly unknown[], every: string) =>
  JSON.stringify({ global: { scrape_interval: every, scrape_timeout: every }, scrape_configs: jobs })

async function costOf(pid: number): Promise<Cost> {
  await sleep(settleMs)
  const before = lookAt(pid)
  await sleep(measuredMs)
  const after = lookAt(pid)
  return {
    cpuPercent: ((after.cpuMs - before.cpuMs) / measuredMs) * 100,
    residentMebibytes: after.residentMebibytes,
  }
}

async function consoleWith(directory: string, jobs: readonly unknown[], every: string, nodeArguments: string[] = []) {
  mkdirSync(join(directory, 'config'), { recursive: true })
  writeFileSync(join(directory, 'config', 'prometheus.yml'), prometheusConfig(jobs, every))
  return startConsole({ directory, config: '', nodeArguments })
}

async function measureConsole(
  directory: string,
  jobs: readonly unknown[],
  note: (text: string) => void,
): Promise<Cost> {
  note(`measuring for ${(settleMs + measuredMs) / 1000} s`)
  const console = await consoleWith(directory, jobs, '1s')
  try {
    return await costOf(console.pid)
  } finally {
    await console.end()
  }
}

/** Or why it was not measured. */
async function measurePrometheus(directory: string, jobs: readonly unknown[]): Promise<Cost | string> {
  const binary = findOnPath('prometheus')
  if (!binary) return 'prometheus is not installed'
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'prometheus.yml')
  writeFileSync(file, prometheusConfig(jobs, '1s'))
  const child = spawn(
    binary,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${await freePort()}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const exited = once(child, 'exit')
  try {
    return child.pid === undefined ? 'prometheus did not start' : await costOf(child.pid)
  } finally {
    child.kill()
    await exited
  }
}

async function longestTurn(directory: string, port: number): Promise<{ p999: number; max: number }> {
  const job = { job_name: 'million', metrics_path: '/million', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }
  const probe = ['--import', join(import.meta.dirname, 'loop-delay-probe.mjs')]
  const console = await consoleWith(directory, [job], '5s', probe)
  try {
    await sleep(settleMs)
    console.child.send('forget')
    await sleep(millionMs)
    return await toldOf(console)
  } finally {
    await console.end()
  }
}

async function toldOf(console: ConsoleProcess): Promise<{ p999: number; max: number }> {
  const told = once(console.child, 'message')
  console.child.send('tell')
  const [{ work }] = (await told) as [{ work: { p999: number; max: number } }]
  return work
}

function parseMegabytes(text: string): number {
  const known = new Set<string>()
  const read = () => {
    const parser = createExpositionParser({ format: 'text' }, { sample: (raw) => void known.has(raw), metadata() {} })
    parser.push(text)
    parser.end()
  }
  for (let warm = 0; warm < 50; warm++) read()
  const rounds = 200
  const startedMs = performance.now()
  for (let round = 0; round < rounds; round++) read()
  return (text.length * rounds) / 1000 / (performance.now() - startedMs)
}
