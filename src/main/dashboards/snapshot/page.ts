/**
 * A board with its data at one moment as one page that needs nothing else: no script, no address it loads anything from,
 * and a policy that allows neither. It can be opened from a disk, sent by mail and printed.
 */
import { createHash } from 'node:crypto'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import { isDataPanel, type Panel } from '#shared/domain/dashboard/panels.ts'
import type { Steps } from '#shared/promql/steps.ts'
import { instantText } from './axes.ts'
import { drawnSeries } from './line-chart.ts'
import { element, escaped } from './markup.ts'
import { legendTable, type PanelContent, panelHtml } from './panels-html.ts'
import { type Theme, themes } from './theme.ts'

export interface SnapshotPanel extends PanelContent {
  readonly panel: Panel
  /** The board's variables and what this copy alone knows. */
  readonly scope: Scope
}

export interface Snapshot {
  readonly board: Dashboard
  readonly scope: Scope
  readonly panels: readonly SnapshotPanel[]
  readonly from: number
  readonly to: number
  readonly madeAt: number
  readonly zone: string
  readonly theme: 'light' | 'dark'
  readonly version: string
}

/** Pixels: the width of the grid, one of its lines, and what lies between panels. */
const gridWidth = 1200
const lineHeight = 34
const gap = 8
const padding = 10
const titleHeight = 24

/** A step a panel. */
export function* snapshotPage(snapshot: Snapshot): Steps<string> {
  const { board, scope, panels, theme: themeName } = snapshot
  const theme = themes[themeName]
  const style = styleOf(theme) + panels.map(({ panel }, index) => placeOf(panel, index)).join('')
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`
  const title = interpolate(board.title, scope)
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=1240">',
    element('title', {}, escaped(title)),
    `<style>${style}</style>`,
  ]
  const boxes: string[] = []
  for (const [index, one] of panels.entries()) {
    boxes.push(panelBox(one, index, snapshot, theme))
    yield
  }
  const body = [
    header(snapshot, title),
    element('main', {}, boxes.join('')),
    numbers(snapshot, theme),
    footer(snapshot),
  ]
  return `<!doctype html><html lang="en"><head>${head.join('')}</head><body>${body.join('')}</body></html>\n`
}

function header({ board, scope, from, to, zone }: Snapshot, title: string): string {
  const chosen = board.variables.flatMap(({ name, label, isHidden }) => {
    const texts = scope.get(name)?.texts.join(', ') ?? ''
    return isHidden || texts === '' ? [] : [`${label || name}: ${texts}`]
  })
  const range = `${instantText(from, zone)} to ${instantText(to, zone)}, ${zone}`
  const lines = [range, ...chosen].map((text) => element('span', {}, escaped(text)))
  const about = board.description === '' ? '' : element('p', {}, escaped(board.description))
  return element(
    'header',
    {},
    element('h1', {}, escaped(title)) + element('p', { class: 'facts' }, lines.join('')) + about,
  )
}

function panelBox(
  { panel, scope, ...content }: SnapshotPanel,
  index: number,
  snapshot: Snapshot,
  theme: Theme,
): string {
  const title = interpolate(panel.title, scope)
  if (panel.type === 'row') return element('h2', { class: `p${index}` }, escaped(title))
  const width = Math.floor((gridWidth * panel.grid.w) / 24) - gap - 2 * padding - 2
  const height = panel.grid.h * lineHeight - gap - 2 * padding - (title === '' ? 0 : titleHeight) - 2
  const { from, to, zone } = snapshot
  const shown = panel.type === 'text' ? { ...panel, markdown: interpolate(panel.markdown, scope) } : panel
  // Titles of charts are what assistive technology reads of them.
  const inside = panelHtml({ ...shown, title }, content, { width, height, from, to, zone, theme })
  const heading = title === '' ? '' : element('h3', {}, escaped(title))
  return element('section', { class: `panel p${index}` }, heading + inside)
}

/** Every chart's numbers as a table: what is seen can be read, too. */
function numbers({ panels }: Snapshot, theme: Theme): string {
  const tables = panels.flatMap(({ panel, scope, answers }) => {
    if (!isDataPanel(panel) || panel.type === 'table' || panel.type === 'heatmap') return []
    const series = drawnSeries(panel, answers, theme)
    if (series.length === 0) return []
    const heading = element('h3', {}, escaped(interpolate(panel.title, scope)))
    return [element('section', {}, heading + legendTable(series, ['last', 'min', 'avg', 'max']))]
  })
  return tables.length === 0 ? '' : element('article', {}, element('h2', {}, 'Numbers') + tables.join(''))
}

function footer({ madeAt, zone, version }: Snapshot): string {
  return element('footer', {}, escaped(`Made by Belfry ${version} at ${instantText(madeAt, zone)} ${zone}.`))
}

function placeOf({ grid }: Panel, index: number): string {
  return `.p${index}{grid-column:${grid.x + 1}/span ${grid.w};grid-row:${grid.y + 1}/span ${grid.h}}`
}

function styleOf(theme: Theme): string {
  return `
*{box-sizing:border-box;margin:0}
body{background:${theme.ground};color:${theme.text};font:13px/1.45 Inter,system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums;width:1240px;margin:0 auto;padding:20px}
header{margin-bottom:14px}h1{font-size:24px}h2{font-size:15px;align-self:end;border-bottom:1px solid ${theme.line}}h3{font-size:13px;height:${titleHeight}px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.facts span{margin-right:18px;color:${theme.muted}}
main{display:grid;grid-template-columns:repeat(24,1fr);grid-auto-rows:${lineHeight}px;width:${gridWidth}px}
.panel{background:${theme.panel};border:1px solid ${theme.line};border-radius:6px;padding:${padding}px;margin:0 ${gap}px ${gap}px 0;overflow:hidden;break-inside:avoid}
.tick{font-size:11px;fill:${theme.muted}}.on{font-size:11px;fill:${theme.ground}}
.figure{font-size:26px;font-weight:600}.figure.small{font-size:17px}
svg{display:block;max-width:100%}.mark{display:inline-block;margin-right:6px}
.tiles{display:flex;flex-wrap:wrap;gap:8px;justify-content:space-around}.tile{display:flex;flex-direction:column;align-items:center;min-width:70px}
.name,.state,.note,footer{color:${theme.muted}}.failed{color:${theme.states.down}}
.beside{display:flex}.legend{overflow:hidden;flex:1}.inline span{margin-right:14px;white-space:nowrap}
table{border-collapse:collapse;width:100%}td,th{text-align:left;font-weight:400;padding:2px 8px 2px 0;border-bottom:1px solid ${theme.grid};overflow-wrap:anywhere}th{color:${theme.muted};white-space:nowrap}td:not(.number){min-width:52px}.legend td:first-child{max-width:0;width:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.number{text-align:right;white-space:nowrap}
.prose>*+*{margin-top:8px}.prose h3,.prose h4{height:auto}.prose ul,.prose ol{padding-left:20px}.prose pre{white-space:pre-wrap}
article{columns:2;column-gap:24px;margin-top:24px}article h2{column-span:all;margin-bottom:10px}article section{break-inside:avoid;margin-bottom:14px}article h3{height:auto}
footer{margin-top:20px}
@page{size:1280px 905px;margin:20px}
@media print{body{padding:0}.panel,section{break-inside:avoid}h2{break-after:avoid}}
`
}
