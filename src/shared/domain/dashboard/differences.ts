/** What is different between two versions of a board, in words, as it is shown before a board is saved. */
import { formatDurationMs, parseDurationMs } from '../../promql/duration.ts'
import type { Dashboard } from './dashboard.ts'
import type { Panel } from './panels.ts'

/** One sentence a change, those of the board before those of its panels; empty when nothing differs. */
export function differences(before: Dashboard, after: Dashboard): string[] {
  return [
    ...boardChanges(before, after),
    ...listChanges('variable', before.variables, after.variables, ({ name }) => name),
    ...listChanges('annotation', before.annotations, after.annotations, ({ name }) => name),
    ...listChanges('link', before.links, after.links, ({ title }) => title),
    ...panelChanges(before.panels, after.panels),
  ]
}

function boardChanges(before: Dashboard, after: Dashboard): string[] {
  const range = ({ timeRange: { from, to } }: Dashboard) => `${from} to ${to}`
  const texts: readonly (readonly [name: string, of: (board: Dashboard) => string])[] = [
    ['uid', ({ uid }) => uid],
    ['title', ({ title }) => title],
    ['description', ({ description }) => description],
    ['tags', ({ tags }) => tags.join(', ')],
    ['time range', range],
    ['refresh', ({ refresh }) => refreshWords(refresh)],
  ]
  return texts.flatMap(([name, of]) =>
    of(before) === of(after) ? [] : `Change the ${name} from ${quoted(of(before))} to ${quoted(of(after))}`,
  )
}

function refreshWords(refresh: string): string {
  const ms = parseDurationMs(refresh)
  return ms === null ? refresh : `every ${formatDurationMs(ms)}`
}

function listChanges<T>(what: string, before: readonly T[], after: readonly T[], nameOf: (one: T) => string): string[] {
  const names = (list: readonly T[]) => list.map(nameOf)
  const [old, now] = [byName(before, nameOf), byName(after, nameOf)]
  const removed = names(before).filter((name) => !now.has(name))
  const added = names(after).filter((name) => !old.has(name))
  const changed = names(after).filter((name) => old.has(name) && !isSame(old.get(name), now.get(name)))
  const stayed = names(after).filter((name) => old.has(name))
  const isReordered = !isSame(
    stayed,
    names(before).filter((name) => now.has(name)),
  )
  return [
    ...removed.map((name) => `Remove the ${what} ${quoted(name)}`),
    ...added.map((name) => `Add the ${what} ${quoted(name)}`),
    ...changed.map((name) => `Change the ${what} ${quoted(name)}`),
    ...(isReordered ? [`Reorder the ${what}s`] : []),
  ]
}

const byName = <T>(list: readonly T[], nameOf: (one: T) => string) => new Map(list.map((one) => [nameOf(one), one]))

function panelChanges(before: readonly Panel[], after: readonly Panel[]): string[] {
  const old = new Map(before.map((panel) => [panel.id, panel]))
  const now = new Map(after.map((panel) => [panel.id, panel]))
  const removed = before.filter(({ id }) => !now.has(id))
  const added = after.filter(({ id }) => !old.has(id))
  const changed = after.flatMap((panel) => {
    const was = old.get(panel.id)
    return was === undefined ? [] : changesOf(was, panel)
  })
  return [
    ...removed.map((panel) => `Remove ${panelName(panel)}`),
    ...added.map((panel) => `Add ${panelName(panel)} (${panel.type})`),
    ...changed,
  ]
}

function changesOf(was: Panel, panel: Panel): string[] {
  const name = panelName(panel)
  if (was.type !== panel.type) return [`Turn ${name} from ${was.type} into ${panel.type}`]
  const [a, b] = [was.grid, panel.grid]
  const changes: string[] = []
  if (was.title !== panel.title) changes.push(`Rename ${panelName(was)} to ${quoted(panel.title)}`)
  if (a.x !== b.x || a.y !== b.y) changes.push(`Move ${name} to column ${b.x + 1}, line ${b.y + 1}`)
  if (a.w !== b.w || a.h !== b.h) changes.push(`Resize ${name} from ${a.w} × ${a.h} to ${b.w} × ${b.h}`)
  if ('targets' in was && 'targets' in panel) changes.push(...targetChanges(was.targets, panel.targets, name))
  const told = new Set(['title', 'grid', 'targets'])
  const [old, now] = [fieldsOf(was), fieldsOf(panel)]
  for (const field of Object.keys(now)) {
    if (told.has(field) || isSame(old[field], now[field])) continue
    changes.push(`Change ${words(field)} of ${name}${fromTo(old[field], now[field])}`)
  }
  return changes
}

function targetChanges(
  before: readonly { refId: string; expr: string }[],
  after: readonly { refId: string; expr: string }[],
  panel: string,
): string[] {
  const old = new Map(before.map((target) => [target.refId, target]))
  const now = new Set(after.map(({ refId }) => refId))
  return [
    ...before.flatMap(({ refId }) => (now.has(refId) ? [] : `Remove query ${refId} of ${panel}`)),
    ...after.flatMap((target) => {
      const was = old.get(target.refId)
      if (was === undefined) return `Add query ${target.refId} to ${panel}: ${clipped(target.expr)}`
      if (was.expr !== target.expr) return `Change query ${target.refId} of ${panel} to ${clipped(target.expr)}`
      return isSame(was, target) ? [] : `Change how query ${target.refId} of ${panel} is shown`
    }),
  ]
}

function panelName({ title, type, id }: Panel): string {
  const what = type === 'row' ? 'the row' : 'the panel'
  return title === '' ? `${what} ${id}` : `${what} ${quoted(title)}`
}

const quoted = (text: string) => (text === '' ? 'nothing' : `"${clipped(text)}"`)
const clipped = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
/** `timeShift`: `time shift`. */
const words = (field: string) => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const fieldsOf = (panel: Panel): Readonly<Record<string, unknown>> => ({ ...panel })

function fromTo(before: unknown, after: unknown): string {
  return isPlain(before) && isPlain(after) ? ` from ${plainWords(before)} to ${plainWords(after)}` : ''
}

const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)
const plainWords = (value: unknown) =>
  value === null ? 'nothing' : typeof value === 'string' ? quoted(value) : String(value)
