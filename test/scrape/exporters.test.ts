/** Real exporters, scraped by the whole console: composed of the real adapters, asked over its HTTP API. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { makeCertificates, opensslIsThere } from '#test/checks/certificates.ts'
import { freePort } from '#test/support/free-port.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'
import { startExporter } from './exporter.ts'

const nodeExporter = '/usr/bin/prometheus-node-exporter'
const blackboxExporter = '/usr/bin/prometheus-blackbox-exporter'
const pushgateway = '/usr/bin/prometheus-pushgateway'
const patience = { timeout: 30_000, interval: 100 }

const started: ChildProcess[] = []

/** Resolves with its address when it answers. */
async function startProgram(program: string, ...options: string[]): Promise<{ address: string; child: ChildProcess }> {
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(program, [`--web.listen-address=${address}`, ...options], { stdio: 'ignore' })
  started.push(child)
  await expect.poll(() => answers(`http://${address}/metrics`), patience).toBe(true)
  return { address, child }
}

const answers = (url: string) =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  )

const Targets = z.looseObject({
  data: z.looseObject({
    activeTargets: z.array(
      z.looseObject({
        labels: z.record(z.string(), z.string()),
        scrapePool: z.string(),
        health: z.string(),
        lastError: z.string(),
      }),
    ),
    droppedTargets: z.array(z.looseObject({ discoveredLabels: z.record(z.string(), z.string()) })),
  }),
})
const Vector = z.looseObject({
  data: z.looseObject({
    result: z.array(
      z.looseObject({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
})

let live: LiveConsole
let token = ''

const ask = async (path: string): Promise<unknown> =>
  (await fetch(`${live.listener.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()

const health = async (job: string) =>
  Targets.parse(await ask('/api/v1/targets?state=active'))
    .data.activeTargets.filter(({ scrapePool }) => scrapePool === job)
    .map(({ labels, health, lastError }) => ({ instance: labels['instance'] ?? '', health, lastError }))

const query = async (expr: string) =>
  Vector.parse(await ask(`/api/v1/query?query=${encodeURIComponent(expr)}`)).data.result.map(({ metric, value }) => ({
    metric,
    value: value[1],
  }))

const configure = (jobs: readonly unknown[]) =>
  writeFile(
    join(live.configDir, 'prometheus.yml'),
    stringify({ global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: jobs }),
  )

beforeAll(async () => {
  live = await openLiveConsole()
  const draft = { name: 'reader', role: 'viewer', expiresAt: null } as const
  token = (await live.console.access.tokens.create(draft, { role: 'admin', name: 'test' })).secret
}, 60_000)
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await live.close()
})

describe.skipIf(!existsSync(nodeExporter))('node_exporter (package: prometheus-node-exporter)', () => {
  it('is scraped, described, told down when it ends, and its series end', { timeout: 60_000 }, async () => {
    const { address, child } = await startProgram(nodeExporter)
    await configure([{ job_name: 'node', static_configs: [{ targets: [address], labels: { env: 'prod' } }] }])
    await expect.poll(() => health('node'), patience).toEqual([{ instance: address, health: 'up', lastError: '' }])
    const load = `node_load1{job="node"}`
    await expect.poll(() => query(load), patience).toMatchObject([{ metric: { env: 'prod', instance: address } }])
    const described = await ask(
      `/api/v1/targets/metadata?match_target=${encodeURIComponent('{job="node"}')}&metric=node_load1`,
    )
    expect(described).toMatchObject({
      status: 'success',
      data: [{ type: 'gauge', help: '1m load average.', unit: '' }],
    })

    child.kill('SIGKILL')
    await expect
      .poll(() => health('node'), patience)
      .toMatchObject([{ health: 'down', lastError: 'nothing listens there (ECONNREFUSED)' }])
    await expect.poll(() => query('up{job="node"}'), patience).toMatchObject([{ value: '0' }])
    expect(await query(load)).toEqual([])
  })
})

describe.skipIf(!existsSync(blackboxExporter))('blackbox_exporter (package: prometheus-blackbox-exporter)', () => {
  it('is asked of each target that relabelling gives it', { timeout: 60_000 }, async () => {
    const modules = join(live.configDir, 'blackbox.yml')
    await writeFile(
      modules,
      stringify({ modules: { http: { prober: 'http', http: { preferred_ip_protocol: 'ip4' } } } }),
    )
    const { address } = await startProgram(blackboxExporter, `--config.file=${modules}`)
    const [good, bad] = [`http://${address}/metrics`, `http://${address}/probe`]
    await configure([
      {
        job_name: 'blackbox',
        metrics_path: '/probe',
        params: { module: ['http'] },
        static_configs: [{ targets: [good, bad, 'http://dropped'] }],
        relabel_configs: [
          { source_labels: ['__address__'], regex: '.*dropped', action: 'drop' },
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: address },
        ],
      },
    ])
    await expect
      .poll(
        async () => (await query('probe_success')).map(({ metric, value }) => [metric['instance'], value]).sort(),
        patience,
      )
      .toEqual(
        [
          [good, '1'],
          [bad, '0'],
        ].sort(),
      )
    const { data } = Targets.parse(await ask('/api/v1/targets?state=dropped'))
    expect(data.activeTargets).toEqual([])
    expect(data.droppedTargets).toMatchObject([{ discoveredLabels: { __address__: 'http://dropped' } }])
  })
})

describe.skipIf(!existsSync(pushgateway))('pushgateway (package: prometheus-pushgateway)', () => {
  it('gives what was pushed under the labels it was pushed with', { timeout: 60_000 }, async () => {
    const { address } = await startProgram(pushgateway)
    await fetch(`http://${address}/metrics/job/nightly/instance/db-1`, {
      method: 'PUT',
      body: '# TYPE backup_bytes gauge\nbackup_bytes 42\n',
    })
    await configure([{ job_name: 'push', honor_labels: true, static_configs: [{ targets: [address] }] }])
    await expect
      .poll(() => query('backup_bytes'), patience)
      .toMatchObject([{ metric: { job: 'nightly', instance: 'db-1' }, value: '42' }])
  })
})

describe('targets that come and go in files', () => {
  it('are followed as the files change', { timeout: 60_000 }, async () => {
    const [one, two] = [await startExporter('a 1\n'), await startExporter('a 2\n')]
    const file = join(live.configDir, 'targets.json')
    const write = async (...targets: string[]) => {
      await writeFile(`${file}.new`, JSON.stringify([{ targets, labels: { from: 'file' } }]))
      await rename(`${file}.new`, file)
    }
    await write(one.address)
    await configure([{ job_name: 'files', file_sd_configs: [{ files: ['targets.json'] }] }])
    await expect.poll(() => health('files'), patience).toMatchObject([{ instance: one.address, health: 'up' }])
    await write(two.address)
    await expect.poll(() => health('files'), patience).toMatchObject([{ instance: two.address, health: 'up' }])
    await expect.poll(() => query('a{from="file"}'), patience).toMatchObject([{ value: '2' }])
    await Promise.all([one.close(), two.close()])
  })
})

describe.skipIf(!opensslIsThere())('a target behind TLS (package: openssl)', () => {
  it('is believed by its authority, asked with a password, and refused otherwise', { timeout: 60_000 }, async () => {
    const certificates = makeCertificates()
    const exporter = await startExporter(
      (request, response) => {
        const isKnown = request.headers.authorization === `Basic ${btoa('belfry:secret')}`
        response.writeHead(isKnown ? 200 : 401).end('a 1\n')
      },
      { key: certificates.good.key, cert: certificates.good.cert },
    )
    await writeFile(join(live.configDir, 'ca.pem'), certificates.root)
    await writeFile(join(live.configDir, 'password'), 'secret\n')
    const job = (name: string, fields: Record<string, unknown>) => ({
      job_name: name,
      scheme: 'https',
      static_configs: [{ targets: [exporter.address] }],
      ...fields,
    })
    const login = { basic_auth: { username: 'belfry', password_file: 'password' } }
    await configure([
      job('believed', { ...login, tls_config: { ca_file: 'ca.pem', server_name: 'localhost' } }),
      job('unknown authority', login),
      job('unchecked', { ...login, tls_config: { insecure_skip_verify: true } }),
      job('nobody', { tls_config: { ca_file: 'ca.pem', server_name: 'localhost' } }),
      job('wrong name', { ...login, tls_config: { ca_file: 'ca.pem', server_name: 'other.example' } }),
      job('no authority', { ...login, tls_config: { ca_file: 'nowhere.pem' } }),
    ])
    const state = (name: string) => health(name).then(([target]) => target)
    await expect.poll(() => state('believed'), patience).toMatchObject({ health: 'up' })
    await expect.poll(() => state('unchecked'), patience).toMatchObject({ health: 'up' })
    await expect
      .poll(() => state('nobody'), patience)
      .toMatchObject({ lastError: 'expected status 200, got 401 Unauthorized' })
    await expect
      .poll(() => state('unknown authority'), patience)
      .toMatchObject({ health: 'down', lastError: expect.stringMatching(/^TLS: /) })
    await expect
      .poll(() => state('wrong name'), patience)
      .toMatchObject({ lastError: expect.stringMatching(/^TLS: .*other\.example/) })
    await expect
      .poll(() => state('no authority'), patience)
      .toMatchObject({ lastError: expect.stringMatching(/^expected ca_file at .*nowhere\.pem, got ENOENT/) })
    await exporter.close()
  })
})
