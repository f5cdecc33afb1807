/**
 * A board of Grafana as a board of Belfry. Takes what Belfry has a counterpart for, and lists everything else with the
 * panel it is of and the reason. The board comes from strangers: nothing in it is trusted to have the shape it should.
 */
import type { NotTaken } from '../../../contract/dashboards.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Steps } from '../../../promql/steps.ts'
import { Annotation } from '../annotation.ts'
import { Dashboard } from '../dashboard.ts'
import { compacted } from '../layout.ts'
import { type Grid, gridColumns, Panel } from '../panels.ts'
import { seriesColorOf } from './colors.ts'
import { clipped, currentSyntax, field, has, isSet, listIn, numberIn, textIn, wholeWithin } from './fields.ts'
import { type Complaints, complaints } from './not-taken.ts'
import { presentPanel } from './older-panels.ts'
import { isCopy, linksOf, panelOf } from './panels.ts'
import { repeatedAnswerOf, type Sources, sourcesOf } from './sources.ts'
import { durationOrEmpty } from './targets.ts'
import { labelSyntax } from './values.ts'
import { variablesOf } from './variables.ts'

export interface Imported {
  readonly board: Dashboard
  readonly notTaken: readonly NotTaken[]
}

const oldestSchema = 16
const newestSchema = 41
const mostPanels = 500

/** Whether this is a board of Grafana, in any of the forms it comes in. */
export function isGrafanaBoard(value: unknown): boolean {
  const board = boardIn(value)
  const isPlaced = listIn(board, 'panels').some((panel) => has(panel, 'gridPos'))
  return (
    isPlaced ||
    ['schemaVersion', 'templating', 'rows', '__inputs'].some((name) => has(board, name)) ||
    isResource(value)
  )
}

/** Of the API that came after the classic form. */
const isResource = (value: unknown) => textIn(value, 'kind') === 'Dashboard' || has(value, 'apiVersion')

/** The board itself, or what the API wraps it in. */
function boardIn(value: unknown): unknown {
  return has(value, 'dashboard') ? field(value, 'dashboard') : value
}

/** A step a panel. Throws AppError `invalid` for what is no board, or one of a version that is not read. */
export function* importGrafana(value: unknown, uidFor: (title: string) => string): Steps<Imported> {
  const board = boardIn(value)
  refuseOthers(value, board)
  const notTaken: NotTaken[] = []
  const complain = complaints(notTaken)
  const inputs = listIn(board, '__inputs')
  const sources = sourcesOf(board, inputs)
  tellVersion(board, complain)

  const constants = new Map(
    inputs
      .filter((input) => textIn(input, 'type') === 'constant')
      .map((input) => [textIn(input, 'name'), textIn(input, 'value')]),
  )
  const variables = variablesOf(board, constants, sources, complain)
  yield
  const panels = yield* panelsOf(board, { sources, complain, variables: new Set(variables.map(({ name }) => name)) })
  const title = clipped(textIn(board, 'title').trim(), 120) || 'Imported board'
  const uid = textIn(board, 'uid')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .replace(/^[^a-z0-9]+/, '')
  const made = {
    version: 1 as const,
    uid: uid.slice(0, 70) || uidFor(title),
    title,
    description: clipped(textIn(board, 'description'), 5000),
    tags: tagsOf(board),
    timeRange: timeRangeOf(board, complain),
    refresh: refreshOf(board),
    variables,
    annotations: annotationsOf(board, sources, complain),
    links: boardLinks(board, complain),
    panels,
  }
  return { board: Dashboard.parse(made), notTaken }
}

function refuseOthers(value: unknown, board: unknown): void {
  if (isResource(value)) {
    const message =
      'expected the classic form of a board (with "panels" and "schemaVersion"), came a resource of Grafana\'s new API: export it in the classic form.'
    throw new AppError('invalid', message)
  }
  const version = numberIn(board, 'schemaVersion')
  if (version !== null && version < oldestSchema) {
    const message = `expected a board of schemaVersion ${oldestSchema} to ${newestSchema}, came ${version}: open it in a newer Grafana and export it again.`
    throw new AppError('invalid', message)
  }
}

function tellVersion(board: unknown, complain: Complaints): void {
  const version = numberIn(board, 'schemaVersion')
  if (version !== null && version > newestSchema) {
    complain.partly(
      `schemaVersion ${version}`,
      `Boards up to version ${newestSchema} are known; what is newer may be missing.`,
    )
  }
  if (listIn(board, 'rows').length > 0 && listIn(board, 'panels').length === 0) {
    complain.not('rows', 'Panels within rows are of Grafana 4: open it in a newer one and export it again.')
  }
  const zone = textIn(board, 'timezone')
  if (!['', 'browser'].includes(zone))
    complain.partly(`timezone ${clipped(zone, 40)}`, 'Instants are shown in the zone of Settings.')
}

interface Surroundings {
  readonly sources: Sources
  readonly complain: Complaints
  readonly variables: ReadonlySet<string>
}

function* panelsOf(board: unknown, surroundings: Surroundings): Steps<Panel[]> {
  const all = flattened(listIn(board, 'panels'))
  const { complain } = surroundings
  if (all.length > mostPanels) complain.partly('panels', `Of ${all.length} panels the first ${mostPanels} are taken.`)
  const elements = field(board, '__elements')
  const byId = new Map(all.map(({ panel }) => [numberIn(panel, 'id'), panel]))
  const ids = new Set<number>()
  const panels: Panel[] = []
  for (const { panel: written, grid } of all.slice(0, mostPanels)) {
    const panel = libraryPanel(written, elements)
    const type = textIn(panel, 'type')
    const title = clipped(currentSyntax(textIn(panel, 'title')), 200)
    const told = complain.of(title || `${type} ${numberIn(panel, 'id') ?? ''}`.trim())
    const lent = repeatedAnswerOf(panel)
    const head = {
      id: freeId(numberIn(panel, 'id'), ids),
      title,
      description: clipped(currentSyntax(textIn(panel, 'description')), 5000),
      grid,
      links: linksOf(panel, told),
      repeat: repeatOf(panel, surroundings.variables, told),
    }
    const made =
      type === 'row'
        ? { type: 'row' as const, ...head, isCollapsed: isSet(panel, 'collapsed') }
        : panelOf(presentPanel(panel, told), head, {
            sources: surroundings.sources,
            complain: told,
            borrowed: lent === null ? null : listIn(byId.get(lent), 'targets'),
          })
    if (made !== null) {
      const parsed = Panel.safeParse(made)
      if (parsed.success) panels.push(parsed.data)
      else told.not('panel', `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
    }
    yield
  }
  return compacted(panels)
}

/** Panels of closed rows lie within them, and everything below has moved up over them: all get their places back. */
function flattened(panels: readonly unknown[]): { panel: unknown; grid: Grid }[] {
  const placed = panels.filter((panel) => !isCopy(panel)).map((panel) => ({ panel, grid: gridOf(panel) }))
  let shift = 0
  return placed
    .sort((a, b) => a.grid.y - b.grid.y || a.grid.x - b.grid.x)
    .flatMap(({ panel, grid }) => {
      const isRow = textIn(panel, 'type') === 'row'
      const here = isRow ? { ...grid, x: 0, w: gridColumns, h: 1 } : grid
      const own = { panel, grid: { ...here, y: Math.min(here.y + shift, lowest) } }
      const inner = isRow ? listIn(panel, 'panels').filter((one) => !isCopy(one)) : []
      if (inner.length === 0) return [own]
      const within = inner.map((one) => ({ panel: one, grid: gridOf(one) }))
      const top = Math.min(...within.map((one) => one.grid.y))
      const start = own.grid.y + 1
      shift += Math.max(...within.map((one) => one.grid.y + one.grid.h)) - top
      const nested = within.map((one) => ({
        ...one,
        grid: { ...one.grid, y: Math.min(one.grid.y - top + start, lowest) },
      }))
      return [own, ...nested]
    })
}

const lowest = 10_000

function gridOf(panel: unknown): Grid {
  const w = wholeWithin(numberIn(panel, 'gridPos', 'w'), 1, gridColumns, 12)
  return {
    x: wholeWithin(numberIn(panel, 'gridPos', 'x'), 0, gridColumns - w, 0),
    y: wholeWithin(numberIn(panel, 'gridPos', 'y'), 0, lowest, 0),
    w,
    h: wholeWithin(numberIn(panel, 'gridPos', 'h'), 1, 200, 8),
  }
}

/** A panel of the library is exported beside the board. */
function libraryPanel(panel: unknown, elements: unknown): unknown {
  const uid = textIn(panel, 'libraryPanel', 'uid')
  const model = uid === '' ? undefined : field(elements, uid, 'model')
  return model === undefined ? panel : { ...Object(model), id: field(panel, 'id'), gridPos: field(panel, 'gridPos') }
}

function freeId(wanted: number | null, used: Set<number>): number {
  let id = wanted !== null && Number.isInteger(wanted) && wanted >= 1 && wanted <= 1e9 ? wanted : 1
  while (used.has(id)) id++
  used.add(id)
  return id
}

function repeatOf(panel: unknown, variables: ReadonlySet<string>, complain: Complaints) {
  const variable = textIn(panel, 'repeat')
  if (variable === '') return null
  if (!variables.has(variable)) {
    complain.not(`repeat by "${clipped(variable, 60)}"`, 'There is no such variable on the imported board.')
    return null
  }
  const most = numberIn(panel, 'maxPerRow')
  return {
    variable,
    direction: textIn(panel, 'repeatDirection') === 'v' ? ('down' as const) : ('across' as const),
    mostInRow: wholeWithin(most, 1, gridColumns, 4),
  }
}

function tagsOf(board: unknown): string[] {
  const tags = listIn(board, 'tags').flatMap((tag) =>
    typeof tag === 'string' && tag.trim() !== '' ? [clipped(tag.trim(), 60)] : [],
  )
  return [...new Set(tags)].slice(0, 30)
}

function timeRangeOf(board: unknown, complain: Complaints): { from: string; to: string } {
  const usual = { from: 'now-6h', to: 'now' }
  if (!has(board, 'time')) return usual
  const [from, to] = [instantText(textIn(board, 'time', 'from')), instantText(textIn(board, 'time', 'to'))]
  if (from !== null && to !== null) return { from, to }
  complain.partly(
    'time',
    `The range "${clipped(textIn(board, 'time', 'from'), 40)}" is not understood; the last 6 h are shown.`,
  )
  return usual
}

/** `now-6h`, `now/d`, or an instant as it is typed in Belfry. */
function instantText(text: string): string | null {
  if (/^now(-\d{1,6}[smhdwMy])?(\/[hdwMy])?$/.test(text)) return text
  const iso = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(text)
  return iso ? `${iso[1]} ${iso[2]}Z` : null
}

function refreshOf(board: unknown): string {
  const every = durationOrEmpty(textIn(board, 'refresh'))
  return every === '' || every.startsWith('$') || /^\d+ms$/.test(every) ? 'off' : every
}

function annotationsOf(board: unknown, sources: Sources, complain: Complaints): Annotation[] {
  const names = new Set<string>()
  return listIn(board, 'annotations', 'list')
    .slice(0, 20)
    .flatMap((annotation, index): Annotation[] => {
      const name = clipped(textIn(annotation, 'name').trim(), 60) || `Annotation ${index + 1}`
      const what = `annotation "${name}"`
      const common = {
        name: names.has(name) ? clipped(`${name} ${index + 1}`, 60) : name,
        isShown: field(annotation, 'enable') !== false,
        color: seriesColorOf(textIn(annotation, 'iconColor')) ?? ('series-4' as const),
      }
      names.add(common.name)
      if (numberIn(annotation, 'builtIn') === 1) return [Annotation.parse({ source: 'alerts', ...common })]
      const other = sources.otherThanPrometheus(field(annotation, 'datasource'))
      const expr = currentSyntax(textIn(annotation, 'expr') || textIn(annotation, 'target', 'expr'))
      if (other !== null || expr.trim() === '') {
        complain.not(
          what,
          other === null ? 'It has no PromQL expression.' : `It asks ${other}, and Belfry answers PromQL.`,
        )
        return []
      }
      const parsed = Annotation.safeParse({
        source: 'query',
        ...common,
        expr,
        title: clipped(labelSyntax(currentSyntax(textIn(annotation, 'titleFormat'))), 500),
        text: clipped(labelSyntax(currentSyntax(textIn(annotation, 'textFormat'))), 2000),
        step: durationOrEmpty(textIn(annotation, 'step')),
      })
      if (!parsed.success) complain.not(what, parsed.error.issues[0]?.message ?? '')
      return parsed.success ? [parsed.data] : []
    })
}

function boardLinks(board: unknown, complain: Complaints): { title: string; url: string }[] {
  const links = listIn(board, 'links').filter((link) => {
    const isOfBoards = textIn(link, 'type') === 'dashboards'
    if (isOfBoards)
      complain.not(`links to boards tagged ${listIn(link, 'tags').join(', ')}`, 'The list of boards has their tags.')
    return !isOfBoards
  })
  return linksOf({ links }, complain)
}
