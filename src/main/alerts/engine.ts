/**
 * Feeds the state machine and performs its effects. One evaluation of a rule: ask the samples, see what holds, step every
 * instance, decide what to tell; then state, history, inbox and outbox rows commit as one unit, and only then does
 * anybody hear of it. Rules are stepped one at a time, so no two of them, and no command from a screen, can mix; and in
 * slices, so that a storm of alerts holds up nobody else.
 */
import type { Events } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Ledger } from '#main/notify/ledger.ts'
import type { Message } from '#main/notify/message.ts'
import type { Outbox } from '#main/notify/outbox.ts'
import { asSentence } from '#main/notify/sentence.ts'
import type { Ports } from '#main/ports.ts'
import { atPace, keepPace, type Pace } from '#main/rules/pace.ts'
import { recordedSeries } from '#main/rules/recorded-series.ts'
import { type Evaluated, openRound, type Round } from '#main/rules/round.ts'
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from '#main/rules/rule.ts'
import type { StateStore, Write } from '#main/store/state-store.ts'
import type { AlertEvent } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import { advance, type EvaluationHealth, endWithRule, type Sight } from '#shared/domain/alert-machine.ts'
import type { TellingPolicy } from '#shared/domain/notify-decision.ts'
import type { Labels } from '#shared/domain/series.ts'
import { severityOf } from '#shared/domain/severity.ts'
import { alertSeries } from './alert-series.ts'
import { addEvent, addStep, type Batch, newBatch, type TellingContext } from './batch.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { type AlertRecord, newRecord, parseRecord, stateOf, storedAlert, targetOf, viewOf } from './record.ts'
import { type FurtherLabels, type Sights, sightsOf } from './sights.ts'

/** Evaluations may be this many intervals apart before the time between them counts as unobserved. */
const forgivenIntervals = 2.5
/** Each asks the store; a storm of them would keep it from everybody else. */
const completedAtOnce = 50

interface RuleStatus {
  readonly health: EvaluationHealth
  readonly problem: string | null
  readonly evaluatedAt: number
  readonly durationMs: number
}

interface GroupStatus {
  readonly evaluatedAt: number
  readonly durationMs: number
}

export interface EngineOptions {
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'ids' | 'logger'>
  readonly state: StateStore
  readonly ledger: Ledger
  readonly metrics: MetricStore
  readonly events: Events
  readonly outbox: Pick<Outbox, 'post'>
  readonly policy: () => TellingPolicy
  /** As of `EvaluationOptions`. */
  readonly closedRanges: () => boolean
  readonly checkIdOf: (labels: Labels) => string | null
  readonly furtherLabels: FurtherLabels
  /** What templates know as $externalLabels. */
  readonly externalLabels: () => Labels
  /** Whether what an alert speaks of was looked at, so that vanished series are gone. */
  readonly targetObserved: (labels: Labels, at: number) => Promise<boolean>
  /** Adds to a message what the rule itself cannot know. */
  readonly completed: (message: Message, rule: AlertingRule) => Promise<Message>
}

/** What somebody changes about an alert. */
export interface Change {
  readonly record: AlertRecord
  readonly event: AlertEvent
}

export interface Engine {
  /** Restores active alerts and ends those whose rule is gone. One that cannot be read is left out and logged. */
  start(isGone: (ruleId: string) => boolean): Promise<void>
  /** Never rejects: what fails is the rule's health. */
  evaluateGroup(group: RuleGroup, at: number): Promise<void>
  /** Ends the alerts of rules that are gone. */
  endThose(isGone: (ruleId: string) => boolean): Promise<void>
  /**
   * Changes live alerts durably, all or none: `change` may refuse by throwing. Rejects with AppError `not-found` for an
   * id that is unknown, `unprocessable` for an alert that is resolved, `unavailable` when the disk refuses.
   */
  change(ids: readonly string[], change: (record: AlertRecord, at: number) => Change): Promise<AlertRecord[]>
  /** Active alerts. */
  active(): AlertRecord[]
  statusOf(ruleId: string): RuleStatus | undefined
  /** The last evaluation of a whole group. */
  groupStatusOf(groupId: string): GroupStatus | undefined
  /** Breaks off what is being evaluated and waits for what is being saved. */
  close(): Promise<void>
}

export function createEngine(options: EngineOptions): Engine {
  const { ports, state, ledger, metrics, events, outbox } = options
  const { clock, ids, logger } = ports
  /** By rule id, then by fingerprint. */
  const live = new Map<string, Map<string, AlertRecord>>()
  const toldAt = new Map<string, number>()
  const status = new Map<string, RuleStatus>()
  const exclusive = oneAtATime()
  const groupStatus = new Map<string, GroupStatus>()
  const series = alertSeries(metrics)
  const recorded = recordedSeries(metrics)
  const closing = new AbortController()

  const toldKey = (rule: string, target: string) => `${rule}\n${target}`
  const context = (superiors: ReadonlyMap<string, string>): TellingContext => ({
    policy: options.policy(),
    lastToldAt: (rule, target) => toldAt.get(toldKey(rule, target)) ?? null,
    supersededBy: (target) => superiors.get(target) ?? null,
  })

  /** By target, the worse rule that fires for it. */
  async function superiorsOf({ supersededBy }: AlertingRule, pace: Pace): Promise<ReadonlyMap<string, string>> {
    const superiors = new Map<string, string>()
    if (supersededBy.length === 0) return superiors
    for (const records of live.values()) {
      const [first] = records.values()
      if (!first || !supersededBy.includes(first.rule)) continue
      await atPace(records.values(), pace, (record) => {
        const fires = ['firing', 'recovering'].includes(stateOf(record))
        if (fires) superiors.set(targetOf(record.episode.labels), record.rule)
      })
    }
    return superiors
  }

  function remember(record: AlertRecord, isLive: boolean): void {
    const records = live.get(record.ruleId) ?? new Map<string, AlertRecord>()
    if (isLive) records.set(record.fingerprint, record)
    else records.delete(record.fingerprint)
    if (records.size > 0) live.set(record.ruleId, records)
    else live.delete(record.ruleId)
  }

  /** Commits a batch as one unit; then memory follows, and everybody hears of it. */
  async function perform(batch: Batch, commit: Ledger['commit'], pace: Pace): Promise<void> {
    const posting = await outbox.post(batch.messages, pace)
    for (const { alertId, at } of batch.messages) {
      if (alertId === null) continue
      for (const { channel, problem } of posting.leftOut) {
        const message = `${channel} was left out: ${asSentence(problem)}`
        addEvent(batch, alertId, { at, type: 'suppressed', by: null, message })
      }
    }
    await commit(await unitOf(batch, posting.writes, pace))
    for (const { record, live: isLive } of batch.saved) remember(record, isLive)
    for (const { rule, target, at } of batch.told) toldAt.set(toldKey(rule, target), at)
    for (const { record } of batch.looked) remember(record, true)
    const now = clock.now()
    await atPace(batch.saved, pace, ({ record }) => events.emit('alerts.changed', viewOf(record, now)))
    await atPace(batch.looked, pace, ({ record, isNews }) => {
      if (isNews && stateOf(record) !== 'resolved') events.emit('alerts.changed', viewOf(record, now))
    })
    await posting.release(pace)
  }

  async function stepAlerts(group: RuleGroup, rule: AlertingRule, at: number, sights: Sights): Promise<void> {
    const pace = keepPace(clock)
    const batch = newBatch(at)
    const { forMs, keepFiringForMs } = rule.draft
    const timing = { forMs, keepFiringForMs, longestGapMs: group.everyMs * forgivenIntervals }
    const records = new Map(live.get(rule.id))
    const telling = context(await superiorsOf(rule, pace))
    await atPace(sights.active, pace, ([fingerprint, sight]) => {
      const before = records.get(fingerprint) ?? null
      const step = advance(before?.episode ?? null, sight, at, timing, before ? before.episode.id : ids.next())
      if (!step.episode) throw new Error('a condition that holds has an episode')
      const record = before ?? newRecord(rule, fingerprint, step.episode, options.checkIdOf(sight.labels))
      const next = { ...record, episode: step.episode, severity: severityOf(sight.labels) }
      addStep(batch, before, next, step, rule.cooldownMs, telling)
    })
    for (const [fingerprint, before] of records) {
      if (sights.active.has(fingerprint)) continue
      if (pace.isDue()) await pace.turn()
      const step = advance(before.episode, await absentSight(sights, before, at), at, timing, before.episode.id)
      addStep(batch, before, { ...before, episode: step.episode ?? before.episode }, step, rule.cooldownMs, telling)
    }
    const messages = await completed(batch.messages, rule)
    await perform({ ...batch, messages }, ledger.commit, pace)
    const episodes = [...(live.get(rule.id)?.values() ?? [])].map(({ episode }) => episode)
    await series.write(rule.id, episodes, at - group.queryOffsetMs, pace)
  }

  async function completed(messages: readonly Message[], rule: AlertingRule): Promise<Message[]> {
    const done: Message[] = []
    for (let from = 0; from < messages.length; from += completedAtOnce) {
      const some = messages.slice(from, from + completedAtOnce)
      done.push(...(await Promise.all(some.map((message) => options.completed(message, rule)))))
    }
    return done
  }

  async function absentSight(sights: Sights, record: AlertRecord, at: number): Promise<Sight> {
    const type = await sights.absent(record.fingerprint)
    if (type !== 'gone') return { type }
    return { type: 'vanished', targetObserved: await options.targetObserved(record.episode.labels, at) }
  }

  /** What is wrong with the result of a recording rule; null when it was written. */
  async function record(group: RuleGroup, rule: RecordingRule, at: number, outcome: Evaluated): Promise<string | null> {
    if ('problem' in outcome) return outcome.problem
    try {
      await recorded.write(rule, outcome.answer.samples, at, group.limit, keepPace(clock))
      return null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return error.message
    }
  }

  async function evaluateRule(group: RuleGroup, rule: Rule, at: number, round: Round): Promise<void> {
    const startedMs = clock.monotonicMs()
    const askedAt = at - group.queryOffsetMs
    const outcome = await round.evaluate(rule, askedAt)
    if (closing.signal.aborted) return
    const { health, problem } =
      rule.type === 'alert'
        ? await evaluateAlerts(group, rule, at, outcome, round)
        : verdict(await record(group, rule, askedAt, outcome))
    round.wrote(...(rule.type === 'record' ? [rule.name] : ['ALERTS', 'ALERTS_FOR_STATE']))
    const before = status.get(rule.id)
    status.set(rule.id, { health, problem, evaluatedAt: at, durationMs: clock.monotonicMs() - startedMs })
    if (before?.health === health && before.problem === problem) return
    if (health === 'error') logger.warn('a rule cannot be evaluated', { rule: rule.id, problem })
    events.emit('rules.changed', {})
  }

  async function evaluateAlerts(group: RuleGroup, rule: AlertingRule, at: number, outcome: Evaluated, round: Round) {
    const expander = round.expanderAt(at, options.externalLabels())
    const sights = await sightsOf(rule, outcome, options.furtherLabels, expander, keepPace(clock), group.limit)
    await exclusive(() => stepAlerts(group, rule, at, sights))
    return sights
  }

  const endThose = (isGone: (ruleId: string) => boolean) =>
    exclusive(async () => {
      const pace = keepPace(clock)
      const batch = newBatch(clock.now())
      const telling = context(new Map())
      const over = [...live].filter(([ruleId]) => isGone(ruleId))
      const ending = over.flatMap(([, records]) => [...records.values()])
      await atPace(ending, pace, (before) => {
        addStep(batch, before, before, endWithRule(before.episode, batch.at), 0, telling)
      })
      await perform(batch, ledger.commit, pace)
      for (const [ruleId] of over) await series.write(ruleId, [], batch.at, pace)
      recorded.end(isGone, batch.at)
    })

  return {
    endThose,
    async start(isGone) {
      for (const body of await state.ask('alert.live', {})) {
        try {
          remember(parseRecord(body), true)
        } catch (error) {
          logger.error('a stored alert could not be read', { error })
        }
      }
      for (const { rule, target, at } of await state.ask('alert.told', {})) toldAt.set(toldKey(rule, target), at)
      await endThose(isGone)
    },
    async evaluateGroup(group, at) {
      const startedMs = clock.monotonicMs()
      const round = openRound(ports, metrics, closing.signal, { closedRanges: options.closedRanges() })
      for (const rule of group.rules) {
        if (closing.signal.aborted) return
        try {
          await evaluateRule(group, rule, at, round)
        } catch (error) {
          logger.error('an evaluation failed unexpectedly', { rule: rule.id, error })
        }
      }
      groupStatus.set(group.id, { evaluatedAt: at, durationMs: clock.monotonicMs() - startedMs })
    },
    change: (wanted, change) =>
      exclusive(async () => {
        const byId = new Map(
          [...live.values()].flatMap((records) => [...records.values()]).map((one) => [one.episode.id, one]),
        )
        const batch = newBatch(clock.now())
        for (const id of new Set(wanted)) {
          const found = byId.get(id)
          if (!found || found.resolvedAt !== null) throw await refusal(id, state)
          const changed = change(found, batch.at)
          addEvent(batch, id, changed.event)
          batch.saved.push({ record: changed.record, live: true })
        }
        await perform(batch, ledger.commitNow, keepPace(clock))
        return batch.saved.map((one) => one.record)
      }),
    active: () =>
      [...live.values()].flatMap((records) => [...records.values()]).filter((one) => one.resolvedAt === null),
    statusOf: (ruleId) => status.get(ruleId),
    groupStatusOf: (groupId) => groupStatus.get(groupId),
    async close() {
      closing.abort()
      await exclusive(async () => {})
    },
  }
}

const verdict = (problem: string | null) => ({
  health: problem === null ? ('ok' as const) : ('error' as const),
  problem,
})

/** Many small writes rather than few large ones: the ledger sends them on in portions. */
async function unitOf(batch: Batch, postings: readonly Write[], pace: Pace): Promise<Write[]> {
  const { saved, history, seen, told, at } = batch
  const unit: Write[] = []
  await atPace(saved, pace, ({ record }) => void unit.push(['alert.save', [storedAlert(record)]]))
  await atPace(history, pace, (event) => void unit.push(['alert.addEvents', [event]]))
  if (seen.length > 0) unit.push(['alert.see', { ids: seen, at }])
  await atPace(told, pace, (one) => void unit.push(['alert.tell', [one]]))
  await atPace(postings, pace, (write) => void unit.push(write))
  return unit
}

async function refusal(id: string, state: StateStore): Promise<AppError> {
  const body = await state.ask('alert.get', { id })
  if (body === null) return new AppError('not-found', `There is no alert with the id "${id.slice(0, 100)}".`)
  const { rule } = parseRecord(body)
  return new AppError('unprocessable', `${rule} is resolved already; only active alerts can be changed.`)
}
