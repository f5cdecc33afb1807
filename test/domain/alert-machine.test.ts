import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  advance,
  closeByHand,
  type Episode,
  endWithRule,
  type Sight,
  type Step,
  type Timing,
  type Transition,
} from '#shared/domain/alert-machine.ts'

const second = 1000
const isTrue: Sight = { type: 'true', value: 1, labels: { a: 'b' }, annotations: {} }
const isFalse: Sight = { type: 'false' }
const gone: Sight = { type: 'vanished', targetObserved: true }
const unseen: Sight = { type: 'vanished', targetObserved: false }
const noData: Sight = { type: 'nodata' }

const timing = (forMs: number, keepFiringForMs = 0): Timing => ({ forMs, keepFiringForMs, longestGapMs: 30 * second })

/** Runs evaluations `[at, sight]`; gives what happened as `type@seconds` and the state at the end. */
function run(rule: Timing, evaluations: readonly (readonly [at: number, sight: Sight])[]) {
  let episode: Episode | null = null
  const happened: string[] = []
  for (const [at, sight] of evaluations) {
    const step: Step = advance(episode, sight, at * second, rule, `episode-${at}`)
    episode = step.episode
    happened.push(...step.transitions.map((one) => shown(one)))
  }
  return { happened, state: episode?.state ?? 'inactive', episode }
}

function shown(transition: Transition): string {
  const at = transition.at / second
  if (transition.type === 'resolved') return `resolved(${transition.resolution})@${at}`
  return transition.type === 'health' ? `${transition.to}@${at}` : `${transition.type}@${at}`
}

const every15 = (sights: readonly Sight[]) => sights.map((sight, index) => [index * 15, sight] as const)

describe('the alert machine', () => {
  it.each<[string, Timing, (readonly [number, Sight])[], string[], string]>([
    ['fires at once without for', timing(0), every15([isTrue]), ['fired@0'], 'firing'],
    [
      'stays pending until the hold time has passed',
      timing(30_000),
      every15([isTrue, isTrue]),
      ['pending@0'],
      'pending',
    ],
    [
      'fires at the first evaluation at activeAt + for',
      timing(30_000),
      every15([isTrue, isTrue, isTrue]),
      ['pending@0', 'fired@30'],
      'firing',
    ],
    [
      'never fires when the condition clears before',
      timing(30_000),
      every15([isTrue, isTrue, isFalse, isTrue]),
      ['pending@0', 'resolved(cleared)@30', 'pending@45'],
      'pending',
    ],
    [
      'resolves at the first false evaluation',
      timing(0),
      every15([isTrue, isTrue, isFalse]),
      ['fired@0', 'resolved(cleared)@30'],
      'inactive',
    ],
    [
      'keeps firing from the first false evaluation on',
      timing(0, 30_000),
      every15([isTrue, isFalse, isFalse, isFalse]),
      ['fired@0', 'recovering@15', 'resolved(cleared)@45'],
      'inactive',
    ],
    [
      'forgets the recovery when the condition holds again',
      timing(0, 30_000),
      every15([isTrue, isFalse, isTrue, isFalse, isFalse]),
      ['fired@0', 'recovering@15', 'refired@30', 'recovering@45'],
      'recovering',
    ],
    [
      'gives no credit for time in which nobody looked',
      timing(60_000),
      [
        [0, isTrue],
        [15, isTrue],
        [1000, isTrue],
        [1015, isTrue],
        [1030, isTrue],
        [1045, isTrue],
      ],
      ['pending@0', 'fired@1045'],
      'firing',
    ],
    [
      'does not resolve a recovery in its sleep',
      timing(0, 60_000),
      [
        [0, isTrue],
        [15, isFalse],
        [1000, isFalse],
        [1030, isFalse],
        [1060, isFalse],
      ],
      ['fired@0', 'recovering@15', 'resolved(cleared)@1060'],
      'inactive',
    ],
    [
      'keeps its credit when the clock is set back',
      timing(30_000),
      [
        [7200, isTrue],
        [7215, isTrue],
        [15, isTrue],
        [30, isTrue],
      ],
      ['pending@7200', 'fired@30'],
      'firing',
    ],
    [
      'resolves vanished labels as stale after two evaluations',
      timing(0),
      every15([isTrue, gone, gone, gone]),
      ['fired@0', 'resolved(stale)@45'],
      'inactive',
    ],
    [
      'starts counting anew when vanished labels come back',
      timing(0),
      every15([isTrue, gone, gone, isTrue, gone, gone]),
      ['fired@0'],
      'firing',
    ],
    [
      'never resolves what nobody could look at',
      timing(0),
      every15([isTrue, unseen, unseen, unseen, unseen, unseen]),
      ['fired@0', 'nodata@15'],
      'firing',
    ],
    [
      'keeps its state without data and says so once',
      timing(0),
      every15([isTrue, noData, noData, { type: 'error' }, isTrue]),
      ['fired@0', 'nodata@15', 'error@45', 'ok@60'],
      'firing',
    ],
    ['is not there before anything was true', timing(0), every15([isFalse, gone, noData]), [], 'inactive'],
  ])('%s', (_name, rule, evaluations, happened, state) => {
    const result = run(rule, evaluations)
    expect(result.happened).toEqual(happened)
    expect(result.state).toBe(state)
  })

  it('stays closed by hand until the condition has been false', () => {
    const fired = advance(null, isTrue, 0, timing(0), 'first').episode as Episode
    const closed = closeByHand(fired, 1000)
    expect(closed.transitions.map(shown)).toEqual(['resolved(manual)@1'])
    const still = advance(closed.episode, isTrue, 15_000, timing(0), 'second')
    expect(still).toMatchObject({ episode: { state: 'closed' }, transitions: [] })
    const cleared = advance(still.episode, isFalse, 30_000, timing(0), 'second')
    expect(cleared).toEqual({ episode: null, transitions: [] })
    expect(advance(cleared.episode, isTrue, 45_000, timing(0), 'second').episode?.id).toBe('second')
  })

  it('ends with its rule', () => {
    const fired = advance(null, isTrue, 0, timing(0), 'first').episode as Episode
    expect(endWithRule(fired, 1000).transitions.map(shown)).toEqual(['resolved(rule-removed)@1'])
  })

  const sights = fc.constantFrom(isTrue, isTrue, isFalse, gone, unseen, noData, { type: 'error' } as const)
  const histories = fc.record({
    forMs: fc.integer({ min: 0, max: 5 }).map((steps) => steps * 15_000),
    keepMs: fc.integer({ min: 0, max: 5 }).map((steps) => steps * 15_000),
    looks: fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), sights), { maxLength: 60 }),
  })
  const stepsOf = ({ forMs, keepMs, looks }: { forMs: number; keepMs: number; looks: [number, Sight][] }) => {
    let at = 0
    let episode: Episode | null = null
    return looks.map(([gap, sight], index) => {
      at += gap * second
      const before = episode
      const step = advance(episode, sight, at, timing(forMs, keepMs), `episode-${index}`)
      episode = step.episode
      return { at, sight, before, step }
    })
  }

  it('fires only out of pending or of nothing, and resolves only what had begun', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let open: string | null = null
        for (const { step } of stepsOf(history)) {
          for (const { type } of step.transitions) {
            if (type === 'pending') expect(open).toBeNull()
            if (type === 'fired') expect([null, 'pending']).toContain(open)
            if (type === 'recovering') expect(['firing']).toContain(open)
            if (type === 'refired') expect(open).toBe('recovering')
            if (type === 'resolved') expect(open).not.toBeNull()
            if (type === 'resolved') open = null
            else if (type === 'fired' || type === 'refired') open = 'firing'
            else if (type !== 'health') open = type
          }
          expect(step.episode?.state ?? null).toBe(open)
        }
      }),
    )
  })

  it('changes state only with a transition, and keeps one id for an episode', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, step } of stepsOf(history)) {
          const moved = step.transitions.some(({ type }) => type !== 'health')
          expect(before?.state !== step.episode?.state).toBe(moved)
          if (before && step.episode) expect(step.episode.id).toBe(before.id)
        }
      }),
    )
  })

  it('fires exactly when the time that was watched reaches for', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let watchedMs = 0
        let lastSeenAt = 0
        for (const { at, sight, before, step } of stepsOf(history)) {
          if (step.transitions.some(({ type }) => type === 'pending')) [watchedMs, lastSeenAt] = [0, at]
          else if (before?.state === 'pending' && sight.type === 'true') {
            if (at - lastSeenAt <= 30_000) watchedMs += at - lastSeenAt
            lastSeenAt = at
            expect(step.episode?.state).toBe(watchedMs >= history.forMs ? 'firing' : 'pending')
          }
        }
      }),
    )
  })

  it('is the same after it went through JSON', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { at, sight, before, step } of stepsOf(history)) {
          const restored = JSON.parse(JSON.stringify(before))
          expect(advance(restored, sight, at, timing(history.forMs, history.keepMs), step.episode?.id ?? '')).toEqual(
            step,
          )
        }
      }),
    )
  })
})
