import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { type Imported, importGrafana, isGrafanaBoard } from '#shared/domain/dashboard/grafana/import-grafana.ts'
import { unitOf } from '#shared/domain/dashboard/grafana/units.ts'
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { resultOf } from '#shared/promql/steps.ts'

const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'))
const importing = (value: unknown) => resultOf(importGrafana(value, () => 'from-title'))
const panelOf = ({ board }: Imported, title: string): Panel | undefined =>
  board.panels.find((panel) => panel.title === title)
const told = ({ notTaken }: Imported) => notTaken.map(({ extent, panel, what }) => `${extent}: ${panel}: ${what}`)
/** A board with one panel. */
const boardWith = (panel: object, more: object = {}) =>
  importing({
    schemaVersion: 39,
    title: 'T',
    panels: [{ id: 1, gridPos: { x: 0, y: 0, w: 12, h: 8 }, ...panel }],
    ...more,
  })

describe('a present board', () => {
  const imported = importing(read('node-board'))

  it('keeps its head', () => {
    expect(imported.board).toMatchObject({
      uid: 'rydddlpwk',
      title: 'Node Exporter Whole',
      tags: ['linux', 'os'],
      timeRange: { from: 'now-24h', to: 'now' },
      refresh: '1m',
      links: [{ title: 'Runbooks', url: 'https://example.org/runbooks?node=$node' }],
    })
  })

  it('keeps its variables', () => {
    expect(imported.board.variables).toMatchObject([
      { type: 'query', name: 'job', query: 'label_values(node_uname_info, job)', sort: 'alphabetical' },
      {
        type: 'query',
        name: 'node',
        label: 'Host',
        query: 'label_values(node_uname_info{job="$job"}, instance)',
        regex: '^(?P<value>.*)$',
        sort: 'natural',
        isMulti: true,
        includesAll: true,
        allValue: '.+',
        current: ['web-1:9100'],
      },
      {
        type: 'custom',
        isHidden: true,
        options: [{ value: '[a-z]+,x' }, { text: 'nvme', value: 'nvme[0-9]+n[0-9]+' }],
      },
      { type: 'query', name: 'disk', regex: 'device="([^"]+)"', current: ['$__all'], sort: 'numerical' },
      { type: 'interval', options: ['1m', '10m', '1h'], hasAuto: true, autoSteps: 50, autoMin: '30s', current: 'auto' },
      { type: 'constant', name: 'threshold', value: '90' },
      { type: 'textbox', name: 'search', current: 'web' },
      { type: 'textbox', name: 'loop_a' },
      { type: 'query', name: 'loop_b' },
      { type: 'textbox', name: 'app', current: 'shop' },
      { type: 'textbox', name: 'odd' },
    ])
  })

  it('keeps its annotations', () => {
    expect(imported.board.annotations).toMatchObject([
      { source: 'alerts' },
      {
        source: 'query',
        name: 'Reboots',
        title: '{{instance}} rebooted',
        text: 'job {{job}}',
        step: '60s',
        color: 'down',
      },
    ])
  })

  it('keeps gauges with their colours as states', () => {
    expect(panelOf(imported, 'CPU Busy')).toMatchObject({
      type: 'gauge',
      grid: { x: 0, y: 1, w: 3, h: 4 },
      targets: [{ refId: 'A', mode: 'instant' }],
      unit: 'percent',
      decimals: 1,
      min: 0,
      max: 100,
      thresholds: {
        base: 'up',
        steps: [
          { value: 85, state: 'degraded' },
          { value: 95, state: 'down' },
        ],
      },
      mappings: [{ type: 'special', match: 'none', text: 'N/A' }],
    })
  })

  it('keeps how lines are drawn, and no thresholds that were never shown', () => {
    expect(panelOf(imported, 'CPU Basic')).toMatchObject({
      type: 'timeseries',
      targets: [{ legend: 'Busy System', minStep: '30s' }, { refId: 'B' }, { refId: 'C', isHidden: true }],
      unit: 'ratio',
      stacking: 'percent',
      fill: 0.4,
      interpolation: 'smooth',
      thresholds: { base: 'neutral', steps: [] },
      overrides: [
        { match: { by: 'name', value: 'Busy Iowait' }, set: { color: 'down' } },
        { match: { by: 'name', value: 'Busy System' }, set: { color: 'degraded', fill: 0.5 } },
      ],
    })
    expect(panelOf(imported, 'Memory Basic')).toMatchObject({
      legend: { mode: 'table', place: 'right', values: ['avg', 'last', 'max'] },
      stacking: 'normal',
    })
    expect(panelOf(imported, 'Network Traffic Basic')).toMatchObject({
      links: [{ title: 'More', url: `/dashboards/rydddlpwk?var-node=\${node}` }],
      overrides: [
        { match: { by: 'regex', value: '.*trans.*' }, set: { isNegated: true } },
        { match: { by: 'target', value: 'B' }, set: { axis: 'right', unit: 'decimalBytesPerSecond' } },
      ],
    })
    expect(panelOf(imported, 'Mixed')).toMatchObject({ targets: [{ expr: 'up' }], timeFrom: '1h', timeShift: '1d' })
  })

  it('keeps mappings in their order', () => {
    expect(panelOf(imported, 'Targets')).toMatchObject({
      type: 'state-timeline',
      thresholds: { mode: 'percent', base: 'down', steps: [{ value: 50, state: 'up' }] },
      mappings: [
        { type: 'value', value: '1', text: 'Up', state: 'up' },
        { type: 'value', value: '0', text: 'Down', state: 'down' },
        { type: 'range', from: 2, to: 9, text: 'Odd', state: 'degraded' },
        { type: 'regex', pattern: '^v(.*)$', text: '$1', state: null },
      ],
    })
  })

  it('makes columns of what organises a table', () => {
    expect(panelOf(imported, 'File systems')).toMatchObject({
      type: 'table',
      columns: [
        { name: 'mountpoint', title: 'Mounted on', isHidden: false },
        { name: 'Value #A', title: 'Used', isHidden: false },
        { name: 'Value #B', title: 'Size', isHidden: false },
        { name: '__name__', isHidden: true },
        { name: 'job', isHidden: true },
        { name: 'fstype', isHidden: true },
      ],
      sort: { column: 'Value #A', isDescending: true },
      colors: 'background',
    })
  })

  it('gives panels of closed rows their places back', () => {
    const row = panelOf(imported, 'CPU / Memory / Net / Disk')
    expect(row).toMatchObject({ type: 'row', isCollapsed: true, grid: { y: 20 } })
    expect(panelOf(imported, 'CPU')).toMatchObject({
      grid: { x: 0, y: 21 },
      repeat: { variable: 'disk', mostInRow: 3 },
    })
    expect(panelOf(imported, 'Latency')).toMatchObject({ type: 'row', grid: { y: 33 } })
    expect(panelOf(imported, 'Request latency')).toMatchObject({
      type: 'heatmap',
      from: 'buckets',
      unit: 'seconds',
      grid: { y: 34 },
    })
    expect(panelOf(imported, 'Everything else')).toMatchObject({ grid: { y: 42 } })
  })

  it('keeps text, and of HTML what a reader sees', () => {
    expect(panelOf(imported, 'Page')).toMatchObject({ markdown: '## Hello & welcome\n\n- one\n- two' })
    expect(panelOf(imported, 'Alerts')).toMatchObject({
      states: ['pending', 'firing', 'recovering'],
      labels: ['instance="$node"'],
      limit: 15,
    })
  })

  it('copies the queries of a panel that another shows again', () => {
    expect(panelOf(imported, 'Memory again')).toMatchObject({
      type: 'bar',
      reduce: 'max',
      targets: [{ legend: 'RAM Total' }, { legend: 'RAM Free' }],
    })
  })

  it('names everything that is not taken', () => {
    expect(told(imported)).toEqual([
      'partly: : timezone utc',
      'partly: : variable "datasource"',
      'not: : variable "Filters"',
      'partly: : variable "app"',
      'partly: : variable "odd"',
      'partly: : variable "loop_a"',
      'not: Memory Basic: overrides[0] custom.fillBelowTo',
      'partly: Memory Basic: calculation "logmin"',
      'not: Network Traffic Basic: link "One"',
      'not: Network Traffic Basic: link "Bad"',
      'not: Network Traffic Basic: transformation calculateField',
      'not: Network Traffic Basic: overrides[1] custom.nonsense',
      'not: Network Traffic Basic: overrides[2] (byType)',
      'not: File systems: footer',
      'partly: text 501: HTML in Markdown',
      'partly: Page: HTML',
      'partly: Logs: type logs',
      'not: Map: type geomap',
      'partly: Memory again: queries of another panel',
      'not: Mixed: targets[1]',
      'partly: Shares: type piechart',
      'not: : annotation "Deploys"',
      'not: : links to boards tagged os',
    ])
    expect(imported.notTaken.find(({ what }) => what === 'targets[1]')?.reason).toBe(
      'It asks mysql, and Belfry answers PromQL.',
    )
  })
})

describe('a board as it was in 2018, exported for others', () => {
  const imported = importing(read('older-board'))

  it('has its graph as a time series', () => {
    expect(panelOf(imported, 'Requests of $job')).toMatchObject({
      type: 'timeseries',
      repeat: { variable: 'job', direction: 'down' },
      targets: [
        {
          refId: 'A',
          expr: `sum(rate(\${prefix}_requests_total{job=~"\${job}"}[\${interval}])) by (code)`,
          minStep: '',
        },
        { refId: 'B', minStep: '30s' },
      ],
      unit: 'perSecond',
      decimals: 2,
      min: 0,
      scale: 'log10',
      axisLabel: 'req',
      stacking: 'normal',
      fill: 0.4,
      connectsGaps: true,
      thresholdStyle: 'area',
      thresholds: {
        steps: [
          { value: 80, state: 'down' },
          { value: 50, state: 'degraded' },
        ],
      },
      legend: { mode: 'table', place: 'right', values: ['avg', 'last'] },
      overrides: [
        { match: { by: 'name', value: '5xx' }, set: { color: 'down' } },
        { match: { by: 'name', value: '2xx' }, set: { color: 'series-3' } },
        {
          match: { by: 'regex', value: 'latency.*' },
          set: { axis: 'right', unit: 'seconds', max: 10, stacking: 'none', fill: 0, color: 'series-1' },
        },
        { match: { by: 'name', value: '5xx' }, set: { isNegated: true } },
      ],
    })
  })

  it('has its single stats as stats and gauges', () => {
    expect(panelOf(imported, 'Up')).toMatchObject({
      type: 'stat',
      reduce: 'avg',
      colors: 'background',
      graph: 'area',
      noValue: 'none',
      thresholds: {
        base: 'up',
        steps: [
          { value: 0.5, state: 'degraded' },
          { value: 0.9, state: 'down' },
        ],
      },
      mappings: [
        { type: 'special', match: 'none-or-nan', text: 'N/A' },
        { type: 'value', value: '1', text: 'all' },
      ],
    })
    expect(panelOf(imported, 'CPU')).toMatchObject({
      type: 'gauge',
      max: 100,
      mappings: [{ type: 'range', from: 0, to: 10, text: 'idle' }],
    })
  })

  it('has its table, heatmap and text', () => {
    expect(panelOf(imported, 'Shares')).toMatchObject({
      columns: [
        { name: 'Value', title: 'Share' },
        { name: 'instance', isHidden: true },
      ],
    })
    expect(panelOf(imported, 'Heat')).toMatchObject({ type: 'heatmap', from: 'buckets', unit: 'seconds' })
    expect(panelOf(imported, 'Note')).toMatchObject({ markdown: 'hi' })
  })

  it('has what its inputs stand for, and a fixed range', () => {
    expect(imported.board.variables).toMatchObject([
      { name: 'job' },
      { name: 'prefix', value: 'shop' },
      { name: 'interval' },
    ])
    expect(imported.board.timeRange).toEqual({ from: '2024-01-01 00:00:00Z', to: '2024-01-02 12:30:00Z' })
    expect(imported.board.uid).toBe('from-title')
  })

  it('names what it has not', () => {
    expect(told(imported)).toEqual([
      'not: Requests of $job: alert',
      'not: Requests of $job: seriesOverrides "x" steppedLine',
      'partly: Up: postfix " ok"',
      'partly: Note: HTML',
      'not: From Elastic: targets[0]',
    ])
  })
})

describe('the form of a board', () => {
  it('may be what the API wraps it in', () => {
    const wrapped = { meta: { slug: 'x' }, dashboard: read('node-board') }
    expect(isGrafanaBoard(wrapped)).toBe(true)
    expect(importing(wrapped)).toEqual(importing(read('node-board')))
  })

  it('is known, and no board of Belfry is taken for it', () => {
    expect(isGrafanaBoard({ version: 1, uid: 'a', title: 'A', panels: [{ type: 'text', grid: { x: 0 } }] })).toBe(false)
    expect(isGrafanaBoard({ version: 4, panels: [{ gridPos: { x: 0 } }] })).toBe(true)
    expect(isGrafanaBoard(null)).toBe(false)
  })

  it.each([
    [{ schemaVersion: 14, rows: [] }, /schemaVersion 16 to 41, came 14: open it in a newer Grafana/],
    [{ kind: 'Dashboard', apiVersion: 'dashboard.grafana.app/v2', spec: {} }, /expected the classic form/],
  ])('is refused where it is another: %j', (value, message) => {
    expect(() => importing(value)).toThrow(AppError)
    expect(() => importing(value)).toThrow(message)
  })

  it('may be newer, which is told', () => {
    expect(told(importing({ schemaVersion: 99, title: 'T', panels: [] }))).toEqual(['partly: : schemaVersion 99'])
  })

  it('may hold panels of the library', () => {
    const board = {
      schemaVersion: 39,
      title: 'T',
      __elements: {
        abc: { name: 'x', model: { type: 'stat', title: 'Shared', targets: [{ expr: 'up', refId: 'A' }] } },
      },
      panels: [{ id: 4, gridPos: { x: 2, y: 0, w: 4, h: 3 }, libraryPanel: { uid: 'abc', name: 'x' } }],
    }
    expect(importing(board).board.panels).toMatchObject([
      { type: 'stat', id: 4, title: 'Shared', grid: { x: 2, w: 4 } },
    ])
  })
})

describe('a panel', () => {
  it.each([
    ['graph', 'timeseries'],
    ['timeseries', 'timeseries'],
    ['trend', 'timeseries'],
    ['singlestat', 'stat'],
    ['stat', 'stat'],
    ['gauge', 'gauge'],
    ['bargauge', 'bar'],
    ['barchart', 'bar'],
    ['piechart', 'bar'],
    ['table', 'table'],
    ['table-old', 'table'],
    ['heatmap', 'heatmap'],
    ['histogram', 'heatmap'],
    ['state-timeline', 'state-timeline'],
    ['status-history', 'state-timeline'],
    ['text', 'text'],
    ['alertlist', 'alert-list'],
    ['logs', 'log-list'],
    ['row', 'row'],
  ])('of type %s becomes a %s', (type, ours) => {
    expect(boardWith({ type }).board.panels).toMatchObject([{ type: ours }])
  })

  it('of an unknown type is left out and named', () => {
    const imported = boardWith({ type: 'nodeGraph', title: 'Graph' })
    expect(imported.board.panels).toEqual([])
    expect(imported.notTaken).toEqual([
      { extent: 'not', panel: 'Graph', what: 'type nodeGraph', reason: 'Belfry has no panels of this kind.' },
    ])
  })

  it('names its series by their labels', () => {
    const fieldConfig = { defaults: { displayName: `\${__field.labels.pod}` }, overrides: [] }
    expect(
      boardWith({ type: 'timeseries', fieldConfig, targets: [{ expr: 'up', refId: 'A' }] }).board.panels,
    ).toMatchObject([{ targets: [{ legend: '{{pod}}' }] }])
  })

  it('with two queries of one name keeps both', () => {
    const targets = [
      { expr: 'a', refId: 'A' },
      { expr: 'b', refId: 'A' },
    ]
    expect(boardWith({ type: 'timeseries', targets }).board.panels).toMatchObject([
      { targets: [{ refId: 'A' }, { refId: 'B' }] },
    ])
  })

  it.each([
    ['lt', 20, { base: 'down', steps: [{ value: 20, state: 'neutral' }] }],
    ['gt', 20, { base: 'neutral', steps: [{ value: 20, state: 'down' }] }],
  ])('of the older kind warns %s %d as it did', (op, value, thresholds) => {
    expect(boardWith({ type: 'graph', thresholds: [{ op, value, colorMode: 'critical' }] }).board.panels).toMatchObject(
      [{ thresholds }],
    )
  })
})

it.each([
  ['short', 'none', ''],
  ['bytes', 'bytes', ''],
  ['decbytes', 'decimalBytes', ''],
  ['binBps', 'bytesPerSecond', ''],
  ['Bps', 'decimalBytesPerSecond', ''],
  ['bps', 'bitsPerSecond', ''],
  ['percentunit', 'ratio', ''],
  ['percent', 'percent', ''],
  ['ms', 'milliseconds', ''],
  ['dateTimeAsIso', 'instantMs', ''],
  ['mbytes', 'none', 'MiB'],
  ['suffix: req', 'none', 'req'],
  ['celsius', 'celsius', ''],
  ['constructor', 'none', 'constructor'],
])('the unit %s is %s%s', (name, unit, suffix) => {
  expect(unitOf(name)).toEqual({ unit, suffix, isKnown: true })
})

describe('a hostile board', () => {
  /** Whatever comes, the result is a board or an error for people. */
  function expectOrderly(value: unknown): void {
    try {
      const { board } = importing(value)
      expect(Dashboard.parse(board)).toEqual(board)
    } catch (error) {
      expect(error).toBeInstanceOf(AppError)
    }
  }

  it('of any JSON at all does no harm', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expectOrderly(value)))
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expectOrderly({ schemaVersion: 39, panels: value, templating: { list: value } }),
      ),
    )
  })

  it('that is right but for one place does no harm', () => {
    const boards = [read('node-board'), read('older-board')]
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('__proto__', 'constructor', -1, 1e308, `$a \${b} [[c]]`, '/(/'),
    )
    fc.assert(
      fc.property(fc.constantFrom(...boards), fc.nat(), odd, (board, at, value) => {
        const places = placesIn(board)
        const place = places[at % places.length]
        if (place) expectOrderly(withValueAt(board, place, value))
      }),
      { numRuns: 300 },
    )
  })

  it('cannot reach into prototypes', () => {
    const text =
      '{"schemaVersion":39,"title":"T","__proto__":{"polluted":1},"panels":[{"type":"graph","id":1,"aliasColors":{"__proto__":"#f00"},"fieldConfig":{"__proto__":{"polluted":1}},"__proto__":{"type":"text"}}],"templating":{"list":[{"name":"__proto__","type":"textbox"}]}}'
    const imported = importing(JSON.parse(text))
    expect(imported.board.panels).toMatchObject([{ type: 'timeseries' }])
    expect(imported.board.variables).toEqual([])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('with too many panels keeps the first and says so', () => {
    const panels = Array.from({ length: 700 }, (_, i) => ({ type: 'text', id: 1, gridPos: { x: 0, y: i, w: 1, h: 1 } }))
    const imported = importing({ schemaVersion: 39, title: 'T', panels })
    expect(imported.board.panels).toHaveLength(500)
    expect(new Set(imported.board.panels.map(({ id }) => id)).size).toBe(500)
    expect(told(imported)).toContain('partly: : panels')
  })

  it('never brings an address that a browser would run', () => {
    const urls = [
      'javascript:alert(1)',
      ' javascript:x',
      'data:text/html,x',
      '//evil.example',
      'd/abc/x',
      'https://ok.example',
    ]
    const links = urls.map((url) => ({ title: url, url }))
    expect(boardWith({ type: 'text', links }).board.panels[0]?.links.map(({ url }) => url)).toEqual([
      '/dashboards/abc',
      'https://ok.example',
    ])
  })
})

type Path = readonly (string | number)[]

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([key, one]) =>
      placesIn(one, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ]
}

function withValueAt(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put
  if (Array.isArray(value)) return value.map((one, index) => (index === key ? withValueAt(one, rest, put) : one))
  return { ...Object(value), [key]: withValueAt(Object(value)[key], rest, put) }
}
