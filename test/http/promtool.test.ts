/** Debian's promtool as a client: it must find in Belfry what it would find in Prometheus. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOwnMetrics } from '#main/metrics/own-metadata.ts'
import { parseExposition } from '#shared/exposition/parse-exposition.ts'
import { type OpenQueries, openQueries } from '../query/queries.ts'
import { type TestListener, testListener } from './listener.ts'

const promtool = '/usr/bin/promtool'
const second = 1000

let opened: OpenQueries
let served: TestListener
let now = 0

beforeAll(async () => {
  opened = await openQueries()
  await opened.record(
    [
      ['requests_total', { job: 'web', instance: 'a' }, (n) => n * 10],
      ['requests_total', { job: 'web', instance: 'b' }, (n) => n * 30],
      ['requests_sum', { job: 'web' }, (n) => n / 3],
      ['belfry_samples_appended_total', {}, (n) => n],
      ['belfry_event_loop_delay_seconds', { quantile: '0.99' }, () => 0.00000025],
      ['belfry_event_loop_delay_seconds', { quantile: '1' }, () => Number.POSITIVE_INFINITY],
      ['process_resident_memory_bytes', {}, () => 1e21],
    ],
    { count: 61, everyMs: 10 * second },
  )
  const { metadata } = opened
  metadata.put('belfry_samples_appended_total', { type: 'counter', help: 'Samples\ntaken.', unit: '' })
  metadata.put('belfry_event_loop_delay_seconds', { type: 'summary', help: 'How late.', unit: 'seconds' })
  metadata.put('process_resident_memory_bytes', { type: 'gauge', help: 'Memory.', unit: 'bytes' })
  now = (opened.startedAt + 600 * second) / 1000
  served = await testListener({}, {}, opened.queries)
})
afterAll(async () => {
  await served.close()
  await opened.close()
})

function run(args: readonly string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(promtool, args)
  let [out, err] = ['', '']
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

const get = (path: string, accept = '*/*') =>
  served.ask(path, { headers: { authorization: `Bearer ${served.tokens.viewer}`, accept } })

describe.skipIf(!existsSync(promtool))('promtool (Debian package prometheus)', () => {
  const server = () => `http://promtool:${served.tokens.viewer}@127.0.0.1:${served.listener.port}`

  it('asks for an instant', async () => {
    const { code, out } = await run([
      'query',
      'instant',
      `--time=${now}`,
      server(),
      'rate(requests_total{instance="b"}[1m])',
    ])
    expect([code, out.trim()]).toEqual([0, `{instance="b", job="web"} => 3 @[${now}]`])
  })

  it('asks for a range', async () => {
    const range = [`--start=${now - 20}`, `--end=${now}`, '--step=10s']
    const { code, out } = await run(['query', 'range', ...range, server(), 'sum(requests_total)'])
    expect([code, out.trim().split('\n')]).toEqual([
      0,
      ['{} =>', ...[2320, 2360, 2400].map((value, i) => `${value} @[${now - 20 + 10 * i}]`)],
    ])
  })

  it('asks for series and labels', async () => {
    const range = [`--start=${now - 600}`, `--end=${now}`]
    const series = await run(['query', 'series', ...range, '--match={job="web"}', server()])
    expect([series.code, series.out.trim().split('\n')]).toEqual([
      0,
      [
        '{__name__="requests_sum", job="web"}',
        '{__name__="requests_total", instance="a", job="web"}',
        '{__name__="requests_total", instance="b", job="web"}',
      ],
    ])
    const labels = await run(['query', 'labels', ...range, server(), 'instance'])
    expect([labels.code, labels.out.trim().split('\n')]).toEqual([0, ['a', 'b']])
  })

  it('is told what is wrong, and refused without a token', async () => {
    const wrong = await run(['query', 'instant', server(), 'sum('])
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('bad_data: 1:5: ')])
    const refused = await run(['query', 'instant', `http://127.0.0.1:${served.listener.port}`, '1'])
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('client error: 401')])
  })

  it('has no remark on the names, types and help of what Belfry tells of itself', async () => {
    const own = await openQueries()
    describeOwnMetrics(own.metadata)
    const described = own.queries.metadata(null).filter(({ metric }) => !metric.startsWith('probe_'))
    const labelsOf = (type: string) => (type === 'summary' ? { quantile: '0.99' } : {})
    await own.record(
      described.map(({ metric, type }) => [metric, labelsOf(type), () => 1]),
      { count: 1, everyMs: second },
    )
    const listener = await testListener({}, {}, own.queries)
    const { text } = await listener.ask('/metrics', { headers: { authorization: `Bearer ${listener.tokens.viewer}` } })
    expect(text.match(/^# TYPE/gm)).toHaveLength(described.length)
    expect(await run(['check', 'metrics'], text)).toEqual({ code: 0, out: '', err: '' })
    await listener.close()
    await own.close()
  })

  it('accepts /metrics without a remark, and what is federated', async () => {
    const metrics = await get('/metrics')
    expect(await run(['check', 'metrics'], metrics.text)).toEqual({ code: 0, out: '', err: '' })
    const federated = await get('/federate?match[]={job="web"}')
    const { err } = await run(['check', 'metrics'], federated.text)
    // Remarks on names and help are about whose series they are; a fault of the text would be another.
    expect(err).not.toContain('error while linting')
  })
})

describe('/metrics', () => {
  it('has its own series with what they mean, in the text format', async () => {
    const { headers, text } = await get('/metrics')
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toBe(
      [
        '# HELP belfry_event_loop_delay_seconds How late.',
        '# TYPE belfry_event_loop_delay_seconds summary',
        'belfry_event_loop_delay_seconds{quantile="0.99"} 2.5e-7',
        'belfry_event_loop_delay_seconds{quantile="1"} +Inf',
        '# HELP belfry_samples_appended_total Samples\\ntaken.',
        '# TYPE belfry_samples_appended_total counter',
        'belfry_samples_appended_total 60',
        '# HELP process_resident_memory_bytes Memory.',
        '# TYPE process_resident_memory_bytes gauge',
        'process_resident_memory_bytes 1e+21',
        '',
      ].join('\n'),
    )
  })

  it('is OpenMetrics for who prefers it, as Prometheus does', async () => {
    const wish =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
    const { headers, text } = await get('/metrics', wish)
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    const entries = parseExposition([text], { format: 'openmetrics' })
    expect(entries).toContainEqual({
      type: 'metadata',
      kind: 'type',
      metric: 'belfry_samples_appended',
      text: 'counter',
    })
    expect(text.endsWith('# EOF\n')).toBe(true)
    expect((await get('/metrics', 'text/plain, application/openmetrics-text;q=0.5')).text).not.toContain('# EOF')
  })
})

describe('/federate', () => {
  it('has the newest sample of what matches any selector, with its instant', async () => {
    const { text } = await get('/federate?match[]=requests_total{instance="b"}&match[]=requests_sum')
    expect(text).toBe(
      [
        '# TYPE requests_sum untyped',
        `requests_sum{job="web",instance=""} 20 ${now * 1000}`,
        '# TYPE requests_total untyped',
        `requests_total{instance="b",job="web"} 1800 ${now * 1000}`,
        '',
      ].join('\n'),
    )
  })

  it('needs a selector', async () => {
    const { status, text } = await get('/federate')
    expect([status, JSON.parse(text)]).toMatchObject([400, { errorType: 'bad_data' }])
  })
})
