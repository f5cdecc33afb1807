/** Rules as screens see and change them: loaded, switched on and off, written, tried out. */
import type { ConfigFile } from '#main/config/config-file.ts'
import type { Events } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Ports } from '#main/ports.ts'
import type { QueryService } from '#main/query/query-service.ts'
import { runBacktest } from '#main/rules/backtest.ts'
import { compileRule } from '#main/rules/compile-rule.ts'
import { evaluateExpression } from '#main/rules/evaluate-rule.ts'
import { ownRules } from '#main/rules/own-rules.ts'
import { keepPace } from '#main/rules/pace.ts'
import type { RuleGroup } from '#main/rules/rule.ts'
import { alertingRules, loadRuleBook, ownRulesFile, type RuleBook } from '#main/rules/rule-book.ts'
import type { GroupSchedule } from '#main/rules/schedule.ts'
import type { PrometheusFile } from '#main/scrape/prometheus-file.ts'
import type { Backtest, BacktestQuestion, RuleDraft, RuleGroupView, RuleView } from '#shared/contract/alerts.ts'
import type { FileDifference } from '#shared/contract/config.ts'
import { AppError } from '#shared/contract/errors.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import type { Engine } from './engine.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { ruleViews } from './rule-views.ts'

export interface RuleService {
  list(): RuleView[]
  groups(withAlerts: boolean): RuleGroupView[]
  /** Rejects with AppError `invalid` for a wrong expression or range, `too-large`, or `closed` when it was cancelled. */
  backtest(question: BacktestQuestion, signal: AbortSignal): Promise<Backtest>
  /** `id` null: a new rule. Rejects with AppError `invalid` (expression, template), `conflict` (the name is taken). */
  save(id: string | null, draft: RuleDraft): Promise<RuleView>
  /** What `save` would write. Rejects as it does, but for names that are taken. */
  preview(id: string | null, draft: RuleDraft): Promise<FileDifference[]>
  /** Rejects with AppError `unprocessable` for a rule that is not the operator's own. */
  remove(id: string): Promise<{ rule: RuleDraft }>
  setEnabled(id: string, enabled: boolean): Promise<RuleView>
  /** What an expression gives now. Rejects with AppError `invalid`. */
  test(expr: string, signal: AbortSignal): Promise<{ results: TestResult[]; durationMs: number }>
  /** Reads all rule files; problems become notices. */
  load(): Promise<void>
  /** Loads, and applies what changed. */
  reload(): Promise<void>
  /** Takes what changed on disk, unless something new in it is wrong: then the rules that run stay, and why is told. */
  follow(): Promise<void>
  /** Hands the rules to the schedule. */
  begin(): void
  /** Groups with the rules that are switched on. */
  activeGroups(): RuleGroup[]
  /** Tells rules that were removed or switched off from those there are, and those whose file has a mistake just now. */
  goneNow(): (ruleId: string) => boolean
}

interface TestResult {
  readonly labels: Record<string, string>
  readonly value: number | null
}

/** A trial shows at most so many results. */
const mostResults = 200

export function ruleService(options: {
  readonly ports: Ports
  readonly metrics: MetricStore
  readonly config: ConfigFile
  readonly events: Events
  readonly notices: Notices
  readonly resourcesDir: string
  readonly engine: Engine
  readonly schedule: GroupSchedule
  readonly queries: Pick<QueryService, 'range'>
  readonly prometheus?: Pick<PrometheusFile, 'ruleFiles' | 'config'>
}): RuleService {
  const { ports, metrics, config, events, notices, resourcesDir, engine, schedule, queries, prometheus } = options
  const own = ownRules(config.directory)
  let book: RuleBook = { groups: [], problems: [] }
  let told: readonly string[] = []
  const exclusive = oneAtATime()

  const isEnabled = (name: string) => !config.current().rules.disabled.includes(name)
  const activeGroups = () =>
    book.groups
      .map((group) => ({
        ...group,
        rules: group.rules.filter((rule) => rule.type === 'record' || isEnabled(rule.name)),
      }))
      .filter((group) => group.rules.length > 0)
  const goneNow = () => {
    const ids = new Set(activeGroups().flatMap((group) => group.rules.map(({ id }) => id)))
    const unclear = new Set(book.problems.map(({ file }) => file))
    return (ruleId: string) => !ids.has(ruleId) && !unclear.has(ruleId.split(';')[0] ?? '')
  }

  async function load(): Promise<void> {
    book = await read()
    tell(book.problems, 'A rule was left out', '')
  }

  const read = () =>
    loadRuleBook({
      resourcesDir,
      configDirectory: config.directory,
      patterns: config.current().rules.files,
      ...(prometheus
        ? { further: { patterns: prometheus.ruleFiles(), everyMs: prometheus.config().evaluationEveryMs } }
        : {}),
    })

  function tell(problems: RuleBook['problems'], title: string, addition: string): void {
    const before = told
    told = problems.map(({ file, line, message }) => {
      const id = `rules:${file}:${line ?? ''}:${message}`
      const where = line === null ? file : `${file}, line ${line}`
      notices.raise({
        id,
        level: 'warning',
        title,
        message: `${where}: ${message}.${addition}`,
        source: { file, line },
      })
      return id
    })
    for (const id of before) if (!told.includes(id)) notices.withdraw(id)
  }

  async function follow(): Promise<void> {
    const next = await read()
    const known = new Set(book.problems.map(problemKey))
    const fresh = next.problems.filter((problem) => !known.has(problemKey(problem)))
    if (fresh.length > 0) {
      tell([...book.problems, ...fresh], 'Changed rules are not used', ' The rules that ran before run on.')
      return
    }
    book = next
    tell(book.problems, 'A rule was left out', '')
    await apply()
  }

  async function apply(): Promise<void> {
    schedule.replace(activeGroups())
    await engine.endThose(goneNow())
    events.emit('rules.changed', {})
  }

  const reload = () =>
    exclusive(async () => {
      await load()
      await apply()
    })

  const views = () => ruleViews({ engine, isEnabled, skipped: schedule.skipped(), now: ports.clock.now() })
  const list = (): RuleView[] => {
    const { viewOf } = views()
    return alertingRules(book.groups).map(({ group, rule }) => viewOf(group, rule))
  }

  function find(id: string): RuleView {
    const found = list().find((rule) => rule.id === id)
    if (found) return found
    throw new AppError('not-found', `There is no rule with the id "${id.slice(0, 300)}".`)
  }

  function refuse(view: RuleView, what: string): never {
    const hint = view.origin === 'preset' ? 'it can be switched off, or replaced by an own rule' : `edit ${view.file}`
    throw new AppError('unprocessable', `${view.rule.alert} is ${what}; ${hint}.`)
  }

  return {
    list,
    groups(withAlerts) {
      const { groupOf } = views()
      return book.groups.map((group) => groupOf(group, withAlerts))
    },
    backtest(question, signal) {
      const { clock } = ports
      const onProgress = (share: number) => events.emit('rules.backtestAdvanced', { key: question.key, share })
      return runBacktest(question, {
        ...{ queries, signal, onProgress, pace: keepPace(clock, signal), monotonicMs: () => clock.monotonicMs() },
      })
    },
    load,
    reload,
    follow: () => exclusive(follow),
    activeGroups,
    goneNow,
    begin: () => schedule.replace(activeGroups()),
    async save(id, draft) {
      refuseWrong(draft)
      const replaced = id === null ? null : find(id)
      if (replaced?.origin === 'file') refuse(replaced, `written in ${replaced.file}`)
      const taken = list().find((one) => one.rule.alert === draft.alert && one.origin !== 'preset' && one.id !== id)
      if (taken)
        throw new AppError(
          'conflict',
          `There is a rule named ${draft.alert} in ${taken.file} already; choose another name.`,
        )
      await own.save(draft, replaced?.origin === 'own' ? replaced.rule.alert : null)
      await reload()
      const saved = list().find((one) => one.rule.alert === draft.alert && one.file === ownRulesFile)
      if (saved) return saved
      const message = `${ownRulesFile} is not among the files that belfry.yaml names under rules.files; add it there.`
      throw new AppError('unprocessable', message)
    },
    async preview(id, draft) {
      refuseWrong(draft)
      const replaced = id === null ? null : find(id)
      return own.preview(draft, replaced?.origin === 'own' ? replaced.rule.alert : null)
    },
    async remove(id) {
      const view = find(id)
      if (view.origin !== 'own') refuse(view, view.origin === 'preset' ? 'a preset' : `written in ${view.file}`)
      await own.remove(view.rule.alert)
      await reload()
      return { rule: view.rule }
    },
    async setEnabled(id, enabled) {
      const view = find(id)
      await config.setRuleEnabled(view.rule.alert, enabled)
      await reload()
      return find(id)
    },
    async test(expr, signal) {
      const startedMs = ports.clock.monotonicMs()
      const options = { closedRanges: config.current().promql.ranges === 'closed' }
      const asking = { metrics, at: ports.clock.now(), signal, pace: keepPace(ports.clock, signal), options }
      const { samples } = await evaluateExpression(parsePromql(expr), asking)
      const results = samples.slice(0, mostResults).map(({ labels, value }) => ({
        labels: { ...labels },
        value: Number.isFinite(value) ? value : null,
      }))
      return { results, durationMs: ports.clock.monotonicMs() - startedMs }
    },
  }
}

/** A problem that moved to another line is the same. */
function problemKey({ file, message }: RuleBook['problems'][number]): string {
  return `${file}\n${message}`
}

/** Throws AppError `invalid` with the place in the draft. */
function refuseWrong(draft: RuleDraft): void {
  const compiled = compileRule(draft, parsedIn(draft))
  if (compiled.ok) return
  const issues = compiled.problems.map(({ field, label, message }) => ({
    path: ['rule', field, label].filter((part) => part !== null).join('.'),
    message,
  }))
  throw new AppError('invalid', issues[0]?.message ?? 'expected a rule', issues)
}

function parsedIn(draft: RuleDraft) {
  try {
    return parsePromql(draft.expr)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError('invalid', error.message, [{ path: 'rule.expr', message: error.message }])
  }
}
