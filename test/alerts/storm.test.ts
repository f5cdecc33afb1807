import { afterEach, describe, expect, it } from 'vitest'
import type { Write } from '#main/store/state-store.ts'
import { type AlertingWorld, alertingWorld, ruleFile } from './alerting-world.ts'

let world: AlertingWorld
afterEach(() => world.close())

const stormSize = 400
const rooms = Array.from({ length: stormSize }, (_, index) => `room-${index}`)
const hot = ruleFile(`
      - alert: Hot
        expr: temperature > 80
        labels: { severity: critical }
`)
const heat = (degrees: number) => {
  for (const room of rooms) world.put('temperature', { room }, degrees)
}

const wasEvaluated = () => typeof world.alerting.rules.list()[0]?.lastEvaluatedAt === 'number'

async function until(isDone: () => boolean) {
  for (let turn = 0; !isDone(); turn++) {
    if (turn > 1000) throw new Error('it did not come to an end')
    await world.quiet()
  }
}

describe('a storm of alerts', () => {
  it('lets others have their turn, and is one unit of work all the same', async () => {
    const units: Write[][] = []
    world = await alertingWorld({
      rules: hot,
      isSlow: true,
      through: (state) => ({
        ...state,
        commitTexts: (texts) => {
          units.push(texts.flatMap((text): Write[] => JSON.parse(new TextDecoder().decode(text))))
          return state.commitTexts(texts)
        },
      }),
    })
    heat(90)
    let turns = 0
    const count = () => {
      turns++
      if (units.length === 0) setImmediate(count)
    }
    setImmediate(count)
    await world.ports.time.advance(15_000)
    await until(() => world.alerting.alerts.firing().length === stormSize)
    expect(turns).toBeGreaterThan(stormSize / 4)
    expect(units).toHaveLength(1)
    const written = (name: string) => units[0]?.filter((write) => write[0] === name).length
    expect(written('alert.save')).toBe(stormSize)
    expect(written('alert.addEvents')).toBe(stormSize)
    expect(written('inbox.add')).toBe(stormSize)
    // Each for the inbox, and one digest for the desktop.
    expect(written('delivery.add')).toBe(stormSize + 1)
    await until(() => world.ports.desktop.shown.length > 0)
    expect(world.ports.desktop.shown.map(({ title }) => title)).toEqual([`${stormSize} alerts fire`])
  })

  it('keeps commands of people waiting until it is over, and then obeys', async () => {
    let whileSaving = () => {}
    world = await alertingWorld({
      rules: hot,
      isSlow: true,
      through: (state) => ({
        ...state,
        commitTexts: (texts) => {
          whileSaving()
          return state.commitTexts(texts)
        },
      }),
    })
    heat(90)
    await world.ports.time.advance(15_000)
    // The evaluation ends with the alerts' own series.
    await until(wasEvaluated)
    const ids = world.alerting.alerts.firing().map(({ id }) => id)
    expect(ids).toHaveLength(stormSize)
    const outcomes: string[] = []
    whileSaving = () => {
      world.alerting.alerts.snooze(ids, 'anna', world.ports.clock.now() + 60_000).then(
        () => outcomes.push('snoozed'),
        (error: Error) => outcomes.push(error.message),
      )
    }
    heat(20)
    await world.ports.time.advance(15_000)
    await until(() => outcomes.length > 0)
    expect(outcomes).toEqual(['Hot is resolved already; only active alerts can be changed.'])
  })
})
