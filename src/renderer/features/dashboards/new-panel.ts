/** A panel as it begins, and what a panel of one kind keeps when it becomes another. Pure. */
import { type Grid, isDataPanel, Panel, type PanelType } from '#shared/domain/dashboard/panels.ts'

const words: Readonly<Partial<Record<PanelType, string>>> = {
  row: 'Row',
  text: 'Text',
  'alert-list': 'Alerts',
  heartbeat: 'Checks',
}

export function newPanel(type: PanelType, id: number, grid: Grid): Panel {
  const hasTargets = ['timeseries', 'stat', 'gauge', 'bar', 'table', 'heatmap', 'state-timeline'].includes(type)
  const instant = type === 'bar' || type === 'table'
  return Panel.parse({
    type,
    id,
    grid,
    title: words[type] ?? 'New panel',
    ...(type === 'text' ? { markdown: '## Heading\n\nWrite what others should know.' } : {}),
    ...(hasTargets ? { targets: [{ refId: 'A', expr: '', mode: instant ? 'instant' : 'range' }] } : {}),
  })
}

/** Everything that both kinds know goes along: title, place, queries, unit, thresholds. */
export function turnedInto(panel: Panel, type: PanelType): Panel {
  if (panel.type === type) return panel
  const fresh = newPanel(type, panel.id, panel.grid)
  const fields: Readonly<Record<string, unknown>> = { ...panel }
  const shared = Object.keys(fresh).filter((field) => field !== 'type' && field in fields)
  // A kind may know a field by another set of words, such as `from`; what does not fit stays as it begins.
  const kept = Object.fromEntries(shared.map((field) => [field, fields[field]]))
  const whole = Panel.safeParse({ ...fresh, ...kept })
  if (whole.success) return whole.data
  const { title, description, links, repeat } = panel
  const data = isDataPanel(panel) && isDataPanel(fresh) ? { targets: panel.targets, unit: panel.unit } : {}
  return Panel.parse({ ...fresh, title, description, links, repeat, ...data })
}

/** The next free letter. */
export function nextRefId(taken: readonly string[]): string {
  for (let code = 65; code <= 90; code++) {
    const letter = String.fromCharCode(code)
    if (!taken.includes(letter)) return letter
  }
  return `Q${taken.length}`
}
