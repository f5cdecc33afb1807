import { afterEach, expect, it } from 'vitest'
import { alertHandlers } from '#main/api/alerts.ts'
import { type AlertingWorld, alertingWorld } from '#test/alerts/alerting-world.ts'
import { type TestListener, testListener } from './listener.ts'

let world: AlertingWorld
let served: TestListener
afterEach(async () => {
  await served.close()
  await world.close()
})

const rules = `groups:
  - name: climate
    interval: 15s
    limit: 10
    rules:
      - record: room:temperature:max
        expr: max by (room) (temperature)
      - alert: Hot
        expr: temperature > 80
        for: 30s
        labels: { severity: critical }
        annotations: { summary: 'It is {{ $value }}' }
  - name: wrong
    interval: 15s
    rules:
      - alert: Wrong
        expr: temperature / on() temperature > 0
`

async function open() {
  world = await alertingWorld({ rules })
  served = await testListener(alertHandlers(world.alerting))
  world.put('temperature', { room: 'attic' }, 90.5)
  world.put('temperature', { room: 'cellar' }, 12)
  await world.pass(15_000)
}

async function asked(path: string) {
  const { status, text } = await served.askAsOperator(path)
  return { status, body: JSON.parse(text) }
}

it('tells rules and alerts in the shape of Prometheus', async () => {
  await open()
  const { status, body } = await asked('/api/v1/rules')
  expect(status).toBe(200)
  const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)
  const evaluation = { evaluationTime: expect.any(Number), lastEvaluation: iso }
  const alert = {
    labels: { alertname: 'Hot', room: 'attic', severity: 'critical' },
    annotations: { summary: 'It is 90.5' },
    ...{ state: 'pending', activeAt: iso, value: '9.05e+01' },
  }
  expect(body).toEqual({
    status: 'success',
    data: {
      groups: [
        {
          ...{ name: 'climate', file: 'rules/test.yml', interval: 15, limit: 10, ...evaluation },
          rules: [
            {
              ...{ name: 'room:temperature:max', query: 'max by (room) (temperature)', labels: {}, health: 'ok' },
              ...{ type: 'recording', ...evaluation },
            },
            {
              ...{ state: 'pending', name: 'Hot', query: 'temperature > 80', duration: 30, keepFiringFor: 0 },
              ...{ labels: { severity: 'critical' }, annotations: { summary: 'It is {{ $value }}' } },
              ...{ alerts: [alert], health: 'ok', type: 'alerting', ...evaluation },
            },
          ],
        },
        {
          ...{ name: 'wrong', file: 'rules/test.yml', interval: 15, limit: 0, ...evaluation },
          rules: [
            {
              ...{ state: 'inactive', name: 'Wrong', query: 'temperature / on() temperature > 0', duration: 0 },
              ...{ keepFiringFor: 0, labels: {}, annotations: {}, alerts: [], health: 'err', type: 'alerting' },
              ...{ lastError: expect.stringContaining('duplicate series'), ...evaluation },
            },
          ],
        },
      ],
    },
  })
  expect((await asked('/api/v1/alerts')).body).toEqual({ status: 'success', data: { alerts: [alert] } })
  await world.pass(30_000)
  expect((await asked('/api/v1/alerts')).body.data.alerts).toMatchObject([{ state: 'firing' }])
})

it.each([
  ['?type=record', ['climate: room:temperature:max']],
  ['?type=alert', ['climate: Hot', 'wrong: Wrong']],
  ['?rule_name[]=Wrong&rule_name[]=Nobody', ['wrong: Wrong']],
  ['?rule_group[]=climate&type=alert', ['climate: Hot']],
  ['?file[]=rules/test.yml&rule_name[]=Hot', ['climate: Hot']],
  ['?file[]=other.yml', []],
])('narrows rules by %s', async (query, expected) => {
  await open()
  const { body } = await asked(`/api/v1/rules${query}`)
  const groups: { name: string; rules: { name: string }[] }[] = body.data.groups
  expect(groups.flatMap(({ name, rules }) => rules.map((rule) => `${name}: ${rule.name}`))).toEqual(expected)
})

it('leaves alerts out when asked to, and refuses what it does not know in the envelope', async () => {
  await open()
  const { body } = await asked('/api/v1/rules?exclude_alerts=true&rule_name[]=Hot')
  expect(body.data.groups[0].rules[0].alerts).toEqual([])
  const refused = await asked('/api/v1/rules?type=both')
  expect(refused).toMatchObject({ status: 400, body: { status: 'error', errorType: 'bad_data' } })
})

it('replays a rule over history', async () => {
  await open()
  const now = world.ports.clock.now()
  const body = { expr: 'temperature > 80', from: new Date(now - 60_000).toISOString(), to: now }
  const { status, text } = await served.askAsOperator('/api/monitoring/alerts/rules/backtest', { method: 'POST', body })
  expect(status).toBe(200)
  expect(JSON.parse(text)).toMatchObject({ stepMs: 15_000, observedMs: 0, fired: 0, to: new Date(now).toISOString() })
  const wrong = await served.askAsOperator('/api/monitoring/alerts/rules/backtest', {
    ...{ method: 'POST', body: { ...body, expr: 'temperature >' } },
  })
  expect(wrong.status).toBe(400)
})
