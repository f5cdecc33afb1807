/** The built console, killed while it has something to tell: every episode is told, and told once. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '#shared/contract/alerts.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from '#test/e2e/support/console-process.ts'
import { rpc } from '#test/e2e/support/rpc.ts'
import { seededRandom } from '#test/support/ports.ts'
import { type NotifyLedger, openNotifyLedger } from './notify-ledger.ts'

let home: ConsoleHome
let ledger: NotifyLedger
let running: RunningConsole | null = null

beforeEach(() => {
  home = makeHome()
  ledger = openNotifyLedger()
})
afterEach(async () => {
  await running?.end('SIGKILL')
  ledger.close()
  home.remove()
})

interface Planned {
  readonly name: string
  readonly severity: string
  readonly expr: string
}

function writeRules(rules: readonly Planned[]) {
  mkdirSync(join(home.configDir, 'rules'), { recursive: true })
  // A group for each, so that they fire at instants of their own.
  const groups = rules.map(({ name, severity, expr }) => ({
    ...{ name, interval: '1s' },
    rules: [{ alert: name, expr, labels: { severity }, annotations: { summary: name } }],
  }))
  writeFileSync(join(home.configDir, 'rules', 'episodes.yml'), JSON.stringify({ groups }))
}

async function start(): Promise<string> {
  running = await startConsole(home, { env: ledger.env })
  return running.origin
}

/** Waits for something that other processes do. */
async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 30_000) {
  for (const endAt = Date.now() + withinMs; !(await isSo()); await delay(50)) {
    if (Date.now() > endAt)
      throw new Error(`${what} did not happen. Begun: ${ledger.begun()}; shown: ${ledger.shown()}`)
  }
}

async function deliveries(origin: string): Promise<Delivery[]> {
  const { deliveries: all } = await rpc(origin, 'notify.deliveries', { alertId: null, limit: 200, cursor: null })
  return all.filter(({ channel }) => channel === 'desktop')
}

const isSettled = ({ state }: Delivery) => state === 'delivered' || state === 'dead'
const timesIn = (titles: readonly string[], name: string) => titles.filter((title) => title === name).length

const sentAgain = 'Belfry stopped while this was being sent. It is sent again with the same key.'
const notSentAgain = 'Belfry stopped while this was being sent. It may have arrived and is not sent again.'

describe('a console that is killed', { timeout: 120_000 }, () => {
  it.each([
    { severity: 'critical', begun: 2, answers: [sentAgain, 'The desktop took the notification.'], state: 'delivered' },
    { severity: 'warning', begun: 1, answers: [notSentAgain], state: 'dead' },
  ])('sends what waited, and what was being sent again only if $severity allows it', async (expected) => {
    const always = 'vector(1) > 0'
    const names = ['First', 'Second', 'Third']
    writeRules(names.map((name) => ({ name, severity: expected.severity, expr: always })))
    ledger.hang(true)
    const origin = await start()
    // One is being sent and hangs; the others are committed and wait for it.
    await until('three deliveries', async () => (await deliveries(origin)).length === 3)
    await until('the first send', () => ledger.begun().length === 1)
    const [held = ''] = ledger.begun()
    await running?.end('SIGKILL')

    ledger.hang(false)
    const again = await start()
    await until('all deliveries', async () => (await deliveries(again)).every(isSettled))
    for (const name of names.filter((one) => one !== held)) expect(timesIn(ledger.begun(), name), name).toBe(1)
    expect(timesIn(ledger.begun(), held)).toBe(expected.begun)
    const log = (await deliveries(again)).find(({ title }) => title === held)
    expect(log?.state).toBe(expected.state)
    expect(log?.attempts.map(({ answer }) => answer)).toEqual(expected.answers)
    const { items } = await rpc(again, 'inbox.list', { limit: 100, cursor: null })
    expect(items.map(({ title }) => title).sort()).toEqual(names.toSorted())
  })

  it('at random instants, again and again, tells each episode once', async () => {
    const random = seededRandom(20260105)
    const [kills, count] = [6, 30]
    const beganAt = Date.now()
    const planned = Array.from({ length: count }, (_, index) => ({
      name: `Episode${index}`,
      severity: index % 2 === 0 ? 'critical' : 'warning',
      expr: `vector(time()) > ${beganAt / 1000 + index / 3}`,
    }))
    writeRules(planned)
    for (let cycle = 0; cycle < kills; cycle++) {
      await start()
      await delay(random.next() * 1500)
      await running?.end('SIGKILL')
    }
    const origin = await start()
    await until('every episode', async () => {
      const titles = (await deliveries(origin)).filter(isSettled).map(({ title }) => title)
      return planned.every(({ name }) => titles.includes(name))
    })
    const log = await deliveries(origin)
    for (const { name, severity } of planned) {
      const of = log.filter(({ title }) => title === name)
      expect(of, `${name} is one message`).toHaveLength(1)
      const answers = of[0]?.attempts.map(({ answer }) => answer) ?? []
      const shown = timesIn(ledger.shown(), name)
      // Killed while it was being sent, nobody knows whether it arrived: that is said, and decided by the severity.
      if (answers.includes(notSentAgain)) expect([severity, shown <= 1], name).toEqual(['warning', true])
      else if (answers.includes(sentAgain)) expect([severity, shown >= 1], name).toEqual(['critical', true])
      else expect(shown, `${name}: ${answers}`).toBe(1)
    }
    const { items } = await rpc(origin, 'inbox.list', { limit: 200, cursor: null })
    const episodes = items.map(({ title }) => title).filter((title) => title.startsWith('Episode'))
    expect(episodes.sort()).toEqual(planned.map(({ name }) => name).sort())
  })
})
