import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { SendingChannelKind, SendResult } from '#main/notify/channel.ts'
import { inApp } from '#main/notify/channels/in-app.ts'
import type { Message } from '#main/notify/message.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { Delivery } from '#shared/contract/alerts.ts'
import { type AlertingWorld, alertingWorld, ruleFile, type WorldOptions } from '../alerts/alerting-world.ts'

const rules = (severity: string) =>
  ruleFile(`
      - alert: Hot
        expr: temperature > 80
        labels: { severity: ${severity} }
        annotations: { summary: Too hot }
`)

type Answer = SendResult | 'never' | Error

/** A channel that gives the next of its answers, the last one for ever, and keeps what it was sent. */
function scripted(answers: Answer[], options: Partial<SendingChannelKind> = {}) {
  const sent: Message[] = []
  const kind: SendingChannelKind = {
    kind: 'scripted',
    title: 'Scripted',
    config: z.strictObject({}),
    deduplicates: false,
    concurrency: 1,
    mostAtOnce: null,
    describe: async () => ({ available: true, mechanism: 'script', problem: null }),
    async send(message) {
      sent.push(message)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (answer instanceof Error) throw answer
      if (answer === 'never' || !answer) return new Promise(() => {})
      return answer
    },
    ...options,
  }
  return { kind, sent }
}

const ok: SendResult = { ok: true, answer: 'taken' }
const fails = (retryAfterMs: number | null = null): SendResult => ({
  ok: false,
  answer: 'busy',
  retry: true,
  retryAfterMs,
})
const refused: SendResult = { ok: false, answer: 'unknown receiver', retry: false, retryAfterMs: null }

let world: AlertingWorld
afterEach(() => world.close())

async function open(kind: SendingChannelKind, options: Partial<WorldOptions> & { severity?: string } = {}) {
  world = await alertingWorld({ rules: rules(options.severity ?? 'warning'), channelKinds: [inApp, kind], ...options })
}

async function fire() {
  world.put('temperature', {}, 90)
  await world.pass(15_000)
}

async function delivery(): Promise<Delivery | undefined> {
  const { deliveries } = await world.alerting.notify.deliveries(null, 100, null)
  return deliveries.find(({ channel }) => channel === 'scripted')
}

describe('the outbox', () => {
  it('tries again with backoff, under one key, until the message is taken', async () => {
    const { kind, sent } = scripted([fails(), fails(), ok])
    await open(kind)
    await fire()
    expect(await delivery()).toMatchObject({ state: 'retrying', attempts: [{ ok: false, answer: 'busy' }] })
    await world.pass(4000)
    expect(sent).toHaveLength(1)
    await world.pass(2000)
    expect(sent).toHaveLength(2)
    await world.pass(10_000)
    expect(await delivery()).toMatchObject({ state: 'delivered', nextAttemptAt: null })
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
    expect((await delivery())?.attempts.map((attempt) => attempt.ok)).toEqual([false, false, true])
  })

  it('waits as long as the other side asks', async () => {
    const { kind, sent } = scripted([fails(120_000), ok])
    await open(kind)
    await fire()
    await world.pass(119_000)
    expect(sent).toHaveLength(1)
    await world.pass(2000)
    expect(sent).toHaveLength(2)
  })

  it('gives up at once what is refused for good, and raises it', async () => {
    const { kind, sent } = scripted([refused])
    await open(kind)
    await fire()
    await world.pass(600_000)
    expect(sent).toHaveLength(1)
    expect(await delivery()).toMatchObject({ state: 'dead', nextAttemptAt: null })
    expect(
      world.notices
        .list()
        .map(({ message }) => message)
        .join(),
    ).toContain('"Too hot" did not get through (Scripted): unknown receiver')
  })

  it('gives up after a day', async () => {
    const { kind } = scripted([fails(3 * 3_600_000)])
    await open(kind)
    await fire()
    for (let hour = 0; hour < 20; hour++) {
      world.put('temperature', {}, 90)
      await world.ports.time.advance(3_600_000)
    }
    expect((await delivery())?.state).toBe('retrying')
    await world.ports.time.advance(3 * 3_600_000)
    await world.quiet()
    expect((await delivery())?.state).toBe('dead')
  })

  it('does not wait for ever for an answer', async () => {
    const { kind } = scripted(['never', ok])
    await open(kind)
    await fire()
    expect((await delivery())?.state).toBe('sending')
    await world.pass(10_000)
    expect((await delivery())?.attempts).toMatchObject([{ ok: false, answer: 'There was no answer within 10 s.' }])
    await world.pass(10_000)
    expect((await delivery())?.state).toBe('delivered')
  })

  it('survives a channel that throws', async () => {
    const { kind } = scripted([new Error('oops'), ok])
    await open(kind)
    await fire()
    expect((await delivery())?.attempts).toMatchObject([{ ok: false, answer: 'Unexpected failure: oops' }])
    await world.pass(10_000)
    expect((await delivery())?.state).toBe('delivered')
  })

  it('leaves out a channel that does not work here, and says so', async () => {
    const describe = async () => ({ available: false, mechanism: 'script', problem: 'there is no script' })
    const { kind, sent } = scripted([ok], { describe })
    await open(kind)
    await fire()
    expect(sent).toEqual([])
    const [alert] = await world.active()
    expect((await world.alerting.alerts.get(alert?.id ?? '')).explanation).toContain(
      'Scripted was left out: there is no script.',
    )
    expect((await world.alerting.notify.channels())[1]).toMatchObject({
      available: false,
      problem: 'there is no script',
    })
  })

  it('sends a test the way alerts go and gives the answer', async () => {
    const { kind } = scripted([ok])
    await open(kind)
    const tested = await world.alerting.notify.test('scripted', 'anna')
    expect(tested).toMatchObject({ event: 'test', state: 'delivered', attempts: [{ ok: true, answer: 'taken' }] })
    expect(await world.alerting.notify.test('in-app', 'anna')).toMatchObject({ event: 'test', state: 'delivered' })
    expect((await world.alerting.notify.inbox(10, null)).items[0]?.body).toContain('asked for by anna')
    await expect(world.alerting.notify.test('pigeon', 'anna')).rejects.toThrow(
      'Expected one of the channels in-app, scripted',
    )
  })

  it('does not repeat a failed test by itself', async () => {
    const { kind, sent } = scripted([fails()])
    await open(kind)
    expect(await world.alerting.notify.test('scripted', 'anna')).toMatchObject({ state: 'dead' })
    await world.pass(600_000)
    expect(sent).toHaveLength(1)
  })
})

describe('a crash', () => {
  /** A database that stops taking writes when `isOver` says so of a unit: the process died before. */
  const dying =
    (isOver: (names: string[]) => boolean) =>
    (state: StateStore): StateStore => ({
      ...state,
      commit: (unit) => (isOver(unit.map(([name]) => name)) ? new Promise(() => {}) : state.commit(unit)),
    })

  it('between commit and claim loses nothing and repeats nothing', async () => {
    const { kind, sent } = scripted([ok])
    await open(kind, { through: dying((names) => names.includes('delivery.update')) })
    await fire()
    expect(sent).toEqual([])
    expect((await delivery())?.state).toBe('queued')
    await world.crash({ through: (state) => state })
    await world.quiet()
    expect(sent).toHaveLength(1)
    expect(await delivery()).toMatchObject({ state: 'delivered' })
    await world.crash()
    await world.quiet()
    expect(sent).toHaveLength(1)
  })

  it('before the commit leaves nothing, and the next evaluation tells it once', async () => {
    const { kind, sent } = scripted([ok])
    await open(kind, { through: dying((names) => names.includes('alert.save')) })
    await fire()
    expect(await world.told()).toEqual([])
    await world.crash({ through: (state) => state })
    await fire()
    expect(sent).toHaveLength(1)
    expect(await world.told()).toEqual(['fired Too hot'])
  })

  it.each([
    ['repeats what was being sent when it is critical', 'critical', false, 2, 'delivered'],
    ['repeats what was being sent where the channel knows the key', 'warning', true, 2, 'delivered'],
    ['does not repeat the rest, and says that it may have arrived', 'warning', false, 1, 'dead'],
  ])('%s', async (_name, severity, deduplicates, count, state) => {
    const { kind, sent } = scripted(['never', ok], { deduplicates })
    await open(kind, { severity })
    await fire()
    expect((await delivery())?.state).toBe('sending')
    await world.crash()
    await world.quiet()
    expect(sent).toHaveLength(count)
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
    expect((await delivery())?.state).toBe(state)
    expect((await delivery())?.attempts[0]?.answer).toContain('Belfry stopped while this was being sent')
  })

  it('keeps to the time of the next attempt', async () => {
    const { kind, sent } = scripted([fails(60_000), ok])
    await open(kind)
    await fire()
    await world.crash()
    await world.pass(30_000)
    expect(sent).toHaveLength(1)
    await world.pass(31_000)
    expect(sent).toHaveLength(2)
  })
})
