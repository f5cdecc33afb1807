import { afterEach, describe, expect, it } from 'vitest'
import { json } from '#main/collectors/services/kinds/json.ts'
import { collect } from './collect.ts'
import { answeringServer } from './http-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const document = {
  up: true,
  version: '2.1',
  load: '0.75',
  queues: [
    { name: 'mail', length: 3, consumers: { count: 1 } },
    { name: 'pay', length: '12', consumers: { count: 0 } },
  ],
  latencies: [1, 2, 3],
  nothing: null,
}

async function read(metrics: object[], answer: object | string = document) {
  const server = await answeringServer(() => answer)
  ends.push(server.close)
  return collect(json, { url: `http://127.0.0.1:${server.port}/stats`, metrics } as never)
}

describe('a JSON collector', () => {
  it('takes numbers, booleans and numbers written as text', async () => {
    const found = await read([
      { name: 'app_up', path: '$.up' },
      { name: 'app_load', path: '$.load' },
      { name: 'app_requests_total', path: '$.queues[0].length', type: 'counter' },
    ])
    expect([found.code, found.reading.problems, found.bugs]).toEqual([null, [], []])
    expect(['app_up', 'app_load', 'app_requests_total'].map((name) => found.value(name))).toEqual([1, 0.75, 3])
    expect(found.reading.metrics.map(({ type }) => type)).toEqual(['gauge', 'gauge', 'counter'])
  })

  it('makes a series of each item of a list, with labels from within it', async () => {
    const labels = { queue: '$.name', team: 'shop', missing: '$.none' }
    const found = await read([
      { name: 'queue_length', path: '$.queues[*]', value: '$.length', labels },
      { name: 'queue_consumers', path: '$.queues', value: '$.consumers.count', labels: { queue: '$.name' } },
    ])
    expect(found.reading.metrics[0]?.samples).toEqual([
      { labels: { queue: 'mail', team: 'shop', missing: '' }, value: 3 },
      { labels: { queue: 'pay', team: 'shop', missing: '' }, value: 12 },
    ])
    expect(found.value('queue_consumers', { queue: 'pay' })).toBe(0)
  })

  it('tells what is no number or not there, and keeps the rest', async () => {
    const found = await read([
      { name: 'app_up', path: '$.up' },
      { name: 'app_version', path: '$.queues[0].name' },
      { name: 'app_gone', path: '$.gone' },
      { name: 'app_null', path: '$.nothing' },
      { name: 'app_latency', path: '$.latencies[*]' },
    ])
    expect(found.code).toBeNull()
    expect(found.reading.problems).toEqual([
      'app_version: expected a number at $.queues[0].name, came "mail".',
      'app_gone: nothing is at $.gone.',
      'app_null: expected a number at $.nothing, came null.',
      expect.stringContaining('app_latency came with the same labels 3 times'),
    ])
    expect(found.names()).toEqual(['app_up', 'app_latency'])
  })

  it('fails when nothing of what is read is there any more, and when it is no JSON', async () => {
    const changed = await read([{ name: 'app_up', path: '$.state.up' }])
    expect(changed.code).toBe('schema-changed')
    expect(changed.failure?.reason.message).toContain('nothing is at $.state.up')
    const page = await read([{ name: 'app_up', path: '$.up' }], '<html>Sign in</html>')
    expect(page.code).toBe('not-json')
    expect(page.failure?.reason.message).toContain('begins "<html>Sign in')
    const long = await answeringServer(() => [200, `"${'x'.repeat(10_000)}"`])
    ends.push(long.close)
    const metrics = [{ name: 'x', path: '$' }]
    const cut = await collect(json, { url: `http://127.0.0.1:${long.port}/`, maxBodyBytes: 100, metrics })
    expect(cut.code).toBe('body-too-large')
  })

  it.each([
    [{ name: 'no good', path: '$.x' }, 'expected a name of letters'],
    [{ name: '__name', path: '$.x' }, 'which is for Prometheus itself'],
    [{ name: 'x', path: 'x y' }, 'expected a JSONPath'],
    [{ name: 'x', path: '$.x', labels: { instance: '$.a' } }, 'set by Belfry itself'],
    [{ name: 'x', path: '$.x', labels: { a: '$.[' } }, 'expected a JSONPath'],
  ])('does not take %j', (metric, words) => {
    const parsed = json.config.safeParse({ url: 'http://127.0.0.1/', metrics: [metric] })
    expect(JSON.stringify(parsed.error?.issues)).toContain(words)
  })
})
