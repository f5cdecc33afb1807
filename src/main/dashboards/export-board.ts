/** A board with its data at one moment as a page or as PDF: asks for everything it shows, panel by panel, then draws it. */
import type { Clock } from '#main/ports.ts'
import { keepPace, resultAtPace } from '#main/rules/pace.ts'
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckHistory, CheckView } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryHandlers, OutputOf, PayloadOf } from '#shared/contract/index.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import { isDataPanel, type Panel } from '#shared/domain/dashboard/panels.ts'
import { repeatedPanels, type ShownPanel } from '#shared/domain/dashboard/repeat.ts'
import { type BoardQueries, boardScope, panelData } from './board-data.ts'
import type { PrintPage } from './print-page.ts'
import { type SnapshotPanel, snapshotPage } from './snapshot/page.ts'

type Asked = Parameters<BelfryHandlers['dashboards.export']>[0]
type Progress = Omit<PayloadOf<'dashboards.exportAdvanced'>, 'exportId'>

export interface BoardExporterOptions {
  readonly clock: Clock
  readonly version: string
  readonly queries: BoardQueries
  readonly alerts: () => Promise<readonly AlertView[]>
  readonly checks: () => readonly CheckView[]
  readonly histories: (ids: readonly string[], buckets: number) => Promise<readonly CheckHistory[]>
  readonly print: PrintPage
}

export type ExportBoard = (
  board: Dashboard,
  asked: Asked,
  told: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<OutputOf<'dashboards.export'>>

/** Beyond it a page is no page any more. */
const mostPanels = 300
/** Characters: what a connection carries and a browser opens with ease. */
const longestContent = 12_000_000
const barBuckets = 96

/** Rejects with AppError `invalid` for an unknown zone, `too-large`, and what the printer says. */
export function boardExporter(options: BoardExporterOptions): ExportBoard {
  const { clock, version, queries, print } = options

  async function contentOf(
    { panel, scope }: ShownPanel,
    whole: Scope,
    asked: Asked,
    title: string,
    signal: AbortSignal,
  ): Promise<SnapshotPanel> {
    const full = new Map([...whole, ...scope])
    const empty = { panel, scope: full, answers: [], alerts: [], heartbeats: [] }
    if (isDataPanel(panel)) {
      const points = Math.max(50, Math.min(400, panel.grid.w * 25))
      return { ...empty, answers: await panelData(panel, full, asked.range, points, { queries, signal, title }) }
    }
    if (panel.type === 'alert-list') return { ...empty, alerts: fittingAlerts(panel, full, await options.alerts()) }
    if (panel.type !== 'heartbeat') return empty
    const checks = fittingChecks(panel, full, options.checks())
    const histories = await options.histories(
      checks.map(({ id }) => id),
      barBuckets,
    )
    const names = new Map(checks.map(({ id, name }) => [id, name]))
    return { ...empty, heartbeats: histories.map(({ id, bar }) => ({ name: names.get(id) ?? id, bar })) }
  }

  return async (board, asked, told, signal) => {
    refuseUnknownZone(asked.timeZone)
    const pace = keepPace(clock, signal)
    const scope = await boardScope(board, asked.variables, asked.range, queries, signal)
    const shown = repeatedPanels(board.panels, scope)
    if (shown.length > mostPanels) {
      throw new AppError(
        'too-large',
        `The board has ${shown.length} panels with these variables; at most ${mostPanels} are exported. Choose fewer values.`,
      )
    }
    const total = shown.length
    const panels: SnapshotPanel[] = []
    for (const one of shown) {
      signal.throwIfAborted()
      panels.push(await contentOf(one, scope, asked, board.title, signal))
      told({ done: panels.length, total, step: 'data' })
      if (pace.isDue()) await pace.turn()
    }
    told({ done: 0, total, step: 'drawing' })
    const { range, timeZone: zone, theme } = asked
    const page = snapshotPage({ board, scope, panels, ...range, madeAt: clock.now(), zone, theme, version })
    const html = await resultAtPace(page, pace)
    if (html.length > longestContent) {
      throw new AppError(
        'too-large',
        `The page would have ${html.length} characters, more than ${longestContent}. Choose a shorter range or fewer values.`,
      )
    }
    if (asked.format === 'html') return { fileName: `${board.uid}.html`, content: html }
    told({ done: total, total, step: 'printing' })
    const pdf = Buffer.from(await print(html, signal)).toString('base64')
    if (pdf.length > longestContent)
      throw new AppError('too-large', 'The PDF is too large. Export as HTML, or choose fewer values.')
    return { fileName: `${board.uid}.pdf`, content: pdf }
  }
}

function refuseUnknownZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new AppError('invalid', `timeZone: expected the name of a zone such as Europe/Berlin, came "${zone}".`)
  }
}

function fittingAlerts(
  panel: Extract<Panel, { type: 'alert-list' }>,
  scope: Scope,
  alerts: readonly AlertView[],
): AlertView[] {
  const wanted = panel.labels.flatMap((text) => {
    const pair = /^\s*([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(text)
    return pair ? [[pair[1] ?? '', interpolate(pair[2] ?? '', scope)] as const] : []
  })
  return alerts
    .filter(({ state, severity, labels }) => {
      const isWanted =
        panel.states.some((one) => one === state) &&
        (panel.severities.length === 0 || panel.severities.includes(severity))
      return isWanted && wanted.every(([name, value]) => labels[name] === value)
    })
    .slice(0, panel.limit)
}

function fittingChecks(
  panel: Extract<Panel, { type: 'heartbeat' }>,
  scope: Scope,
  checks: readonly CheckView[],
): CheckView[] {
  const wanted = Object.entries(panel.checks.labels).map(([name, value]) => [name, interpolate(value, scope)] as const)
  const text = interpolate(panel.checks.text, scope).toLowerCase()
  return checks
    .filter(({ name, target, labels }) => {
      const fits = text === '' || name.toLowerCase().includes(text) || target.toLowerCase().includes(text)
      return fits && wanted.every(([label, value]) => labels[label] === value)
    })
    .slice(0, panel.limit)
}
