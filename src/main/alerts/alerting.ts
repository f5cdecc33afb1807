/**
 * Alerting as one service: rules are loaded and evaluated on their schedule, the engine turns what they see into alerts,
 * the outbox carries what is told. This file wires them and answers the console's questions.
 */
import type { ConfigFile } from '#main/config/config-file.ts'
import type { Events } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { ChannelKind } from '#main/notify/channel.ts'
import { createLedger } from '#main/notify/ledger.ts'
import type { Message } from '#main/notify/message.ts'
import { openChannels } from '#main/notify/open-channels.ts'
import { createOutbox } from '#main/notify/outbox.ts'
import { asSentence } from '#main/notify/sentence.ts'
import type { Ports } from '#main/ports.ts'
import type { QueryService } from '#main/query/query-service.ts'
import type { AlertingRule, Rule } from '#main/rules/rule.ts'
import { scheduleGroups } from '#main/rules/schedule.ts'
import { watchRules } from '#main/rules/watch-rules.ts'
import type { PrometheusFile } from '#main/scrape/prometheus-file.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { Delivery } from '#shared/contract/alerts.ts'
import type { Settings } from '#shared/contract/settings.ts'
import type { TellingPolicy } from '#shared/domain/notify-decision.ts'
import { parseQuietHours, quietUntil } from '#shared/domain/quiet-hours.ts'
import type { Labels } from '#shared/domain/series.ts'
import { selectorsIn } from '#shared/promql/fetches.ts'
import { type AlertService, alertService } from './alert-service.ts'
import { withCheckEvidence } from './check-evidence.ts'
import { createEngine } from './engine.ts'
import { type NotifyService, notifyService } from './notify-service.ts'
import { keepHistoryInBounds } from './retention.ts'
import { type RuleService, ruleService } from './rule-service.ts'
import { selfSeries } from './self-series.ts'
import { configuredCheck, targetObserved } from './target-observed.ts'

export interface AlertingOptions {
  readonly ports: Ports
  readonly state: StateStore
  readonly metrics: MetricStore
  readonly queries: Pick<QueryService, 'range'>
  readonly config: ConfigFile
  readonly events: Events
  readonly notices: Notices
  /** Why a collector of a service fails now; null when it does not. */
  readonly collectorFailure?: (id: string) => string | null
  /** Holds `rules/*.yml`, the presets. */
  readonly resourcesDir: string
  /** Names further rule files. */
  readonly prometheus?: Pick<PrometheusFile, 'ruleFiles' | 'config' | 'onChange'>
  /** Labels of the targets that are scraped. */
  readonly scraped?: () => readonly Labels[]
  /** For tests; all kinds by default. */
  readonly channelKinds?: readonly ChannelKind[]
}

export interface Alerting {
  readonly alerts: AlertService
  readonly rules: RuleService
  readonly notify: NotifyService
  /** Restores what was active, takes up deliveries that were under way, loads the rules and begins to evaluate. */
  start(): Promise<void>
  /** The check's state changed and its sample is flushed: evaluates at once the rules that ask for check states. */
  evaluateFor(checkId: string): Promise<void>
  /** Stops evaluating, lets what is being saved and sent end, within a few seconds. */
  close(): Promise<void>
}

/** Series whose change is acted on at once. */
const checkState = 'belfry_check_state'

export function createAlerting(options: AlertingOptions): Alerting {
  const { ports, state, metrics, config, events, notices, prometheus } = options
  const settings = () => config.current().settings
  const ledger = createLedger(state, notices, ports.clock)
  const channels = openChannels(ports, state, notices, settings, options.channelKinds)
  const self = selfSeries(metrics)
  const onAttempt = (delivery: Delivery, at: number) => self.attempted(delivery, at, at - delivery.createdAt)
  const outbox = createOutbox({ ports, state, ledger, events, notices, channels, onAttempt })
  const engine = createEngine({
    ports,
    state,
    ledger,
    metrics,
    events,
    outbox,
    policy: () => tellingPolicy(settings(), ports.clock.now()),
    closedRanges: () => config.current().promql.ranges === 'closed',
    checkIdOf,
    completed,
    furtherLabels: ({ check, collector }) => ({
      ...(check === undefined ? {} : { check_name: configuredCheck(check, config)?.draft.name ?? check }),
      ...(collector === undefined ? {} : { collector_name: collectorName(collector) }),
    }),
    targetObserved: (labels, at) => targetObserved(labels, config, metrics, at, options.scraped),
    externalLabels: () => prometheus?.config().externalLabels ?? {},
  })
  const schedule = scheduleGroups(ports, async (group, at) => {
    const startedMs = ports.clock.monotonicMs()
    await engine.evaluateGroup(group, at)
    const durationMs = ports.clock.monotonicMs() - startedMs
    self.evaluated(group.id, at, durationMs, schedule.skipped().get(group.id) ?? 0)
  })
  const rules = ruleService({ ...options, engine, schedule })
  const stops: (() => void)[] = []

  function checkIdOf({ check }: Labels): string | null {
    return check === undefined ? null : (configuredCheck(check, config)?.id ?? null)
  }

  function collectorName(id: string): string {
    return config.current().collectors.find((collector) => collector.id === id)?.draft.name ?? id
  }

  async function completed(message: Message, rule: AlertingRule): Promise<Message> {
    const { collector } = message.labels
    const failure = message.event === 'fired' && collector !== undefined ? options.collectorFailure?.(collector) : null
    if (failure) return { ...message, body: `${asSentence(failure)}\n${message.body}`.trim() }
    const checkId = message.event === 'fired' && asksForCheckState(rule) ? checkIdOf(message.labels) : null
    if (checkId === null) return message
    try {
      return await withCheckEvidence(message, checkId, state)
    } catch (error) {
      ports.logger.error('the last failure of a check could not be read', { check: checkId, error })
      return message
    }
  }

  /** Only what the configuration says of rules makes them be read again. */
  function followRules(): () => void {
    const said = () =>
      JSON.stringify([config.current().rules, prometheus?.ruleFiles(), prometheus?.config().evaluationEveryMs])
    let before = said()
    return () => {
      if (said() === before) return
      before = said()
      rules.reload().catch((error: unknown) => ports.logger.error('the rules could not be reloaded', { error }))
    }
  }

  return {
    alerts: alertService({ ports, state, engine }),
    rules,
    notify: notifyService({ ports, state, channels, outbox }),
    async start() {
      stops.push(await channels.watch())
      await rules.load()
      await engine.start(rules.goneNow())
      await outbox.start()
      rules.begin()
      const follow = followRules()
      stops.push(config.onChange(follow))
      if (prometheus) stops.push(prometheus.onChange(follow))
      stops.push(
        watchRules({
          directory: config.directory,
          patterns: () => [...config.current().rules.files, ...(prometheus?.ruleFiles() ?? [])],
          onChange: () => rules.follow(),
          timers: ports.timers,
          logger: ports.logger,
        }),
      )
      stops.push(keepHistoryInBounds(ports, ledger))
    },
    evaluateFor: () =>
      schedule.evaluateNow(
        rules
          .activeGroups()
          .filter((group) => group.rules.some(asksForCheckState))
          .map(({ id }) => id),
      ),
    async close() {
      for (const stop of stops.splice(0)) stop()
      await schedule.close()
      await engine.close()
      await outbox.close()
    },
  }
}

function asksForCheckState({ parsed }: Rule): boolean {
  return selectorsIn(parsed.expr).some(({ selector }) =>
    selector.matchers.some(({ label, op, value }) => label === '__name__' && op === '=' && value === checkState),
  )
}

/** What the settings say of telling, at an instant. Quiet hours go by the clock that the screens show. */
function tellingPolicy({ notifications, appearance }: Settings, at: number): TellingPolicy {
  const { leastSeverity, resolved, quietHours, quietExcept } = notifications
  const hours = parseQuietHours(quietHours)
  const until = hours && quietUntil(hours, at, appearance.timeZone)
  return { leastSeverity, resolved, quiet: until === null ? null : { until, except: quietExcept } }
}
