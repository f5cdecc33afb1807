/** The same samples in Debian's Prometheus and in Belfry's evaluator: the same questions have the same answers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPrometheus, type PrometheusServer, startPrometheus } from '#test/support/prometheus-server.ts'
import { remoteWriteBody, remoteWriteHeaders } from '#test/support/remote-write.ts'
import { generated, handMade, refused } from './differential/expressions.ts'
import { answerOfBelfry, answerOfPrometheus, differenceOf, type When } from './differential/peer.ts'
import { minutes, samples, startAt } from './differential/samples.ts'

const series = samples()
const minuteMs = 60_000

/** In the midst of the samples, exactly on some, before all of them, and after the lookback. */
const instants: readonly When[] = [
  startAt + 17 * minuteMs + 7_321,
  startAt + 30 * minuteMs,
  startAt + 1000,
  startAt + (minutes + 3) * minuteMs,
]
const ranges: readonly When[] = [
  { start: startAt - 2 * minuteMs, end: startAt + (minutes + 7) * minuteMs, stepMs: 61_000 },
  { start: startAt + 10 * minuteMs, end: startAt + 13 * minuteMs, stepMs: 15_000 },
]

describe.skipIf(!hasPrometheus)('beside Prometheus (package: prometheus)', () => {
  let server: PrometheusServer

  beforeAll(async () => {
    server = await startPrometheus()
    const body = remoteWriteBody(series)
    const reply = await fetch(`${server.url}/api/v1/write`, { method: 'POST', headers: remoteWriteHeaders, body })
    expect(reply.status).toBe(204)
  }, 60_000)
  afterAll(() => server?.stop())

  const differences = async (texts: readonly string[], whens: readonly When[]): Promise<string[]> => {
    const found: string[] = []
    for (const text of texts) {
      for (const when of whens) {
        const difference = differenceOf(
          answerOfBelfry(text, when, series),
          await answerOfPrometheus(server.url, text, when),
        )
        if (difference !== null) found.push(`${text} at ${JSON.stringify(when)}: ${difference}`)
      }
    }
    return found
  }

  it(`gives the same for ${handMade.length} expressions at instants`, { timeout: 120_000 }, async () => {
    expect(await differences(handMade, instants)).toEqual([])
  })

  it(`gives the same for ${handMade.length} expressions over ranges`, { timeout: 120_000 }, async () => {
    expect(await differences(handMade, ranges)).toEqual([])
  })

  const random = generated(400, 42)
  it(`gives the same for ${random.length} generated expressions`, { timeout: 120_000 }, async () => {
    expect(await differences(random, [...instants.slice(0, 1), ...ranges.slice(0, 1)])).toEqual([])
  })

  it.each(refused)('refuses %s as %s', async (text, kind) => {
    for (const when of [startAt + 20 * minuteMs, { start: startAt, end: startAt + 20 * minuteMs, stepMs: 60_000 }]) {
      expect(await answerOfPrometheus(server.url, text, when)).toBe(kind)
      expect(answerOfBelfry(text, when, series)).toBe(kind)
    }
  })
})
