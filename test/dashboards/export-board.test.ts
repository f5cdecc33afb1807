import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { findBrowser } from '#main/checks/browser-probe/find-browser.ts'
import type { BoardQueries } from '#main/dashboards/board-data.ts'
import { boardExporter, type ExportBoard } from '#main/dashboards/export-board.ts'
import { printPage } from '#main/dashboards/print-page.ts'
import { AppError } from '#shared/contract/errors.ts'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { fakePorts } from '#test/support/ports.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'

const sample = Dashboard.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../domain/dashboard/sample-board.json'), 'utf8')),
)
const to = Date.UTC(2026, 0, 5, 14)
const asked = {
  uid: 'shop',
  format: 'html',
  range: { from: to - 3_600_000, to },
  variables: {},
  theme: 'light',
  timeZone: 'UTC',
  exportId: 'mine',
} as const

/** Two series at any expression; those that name a metric "broken" fail. */
function queriesOf(label = 'web-1'): BoardQueries {
  const told = { tier: 'raw' as const, warnings: [], stats: { samples: 1, durationMs: 1 } }
  const failing = (expr: string) => {
    if (expr.includes('broken')) throw new AppError('invalid', 'expected an expression <b>here</b>')
  }
  return {
    range: async ({ expr, from, to: end, stepMs }) => {
      failing(expr)
      const times = Array.from({ length: Math.floor((end - from) / stepMs) + 1 }, (_, i) => from + i * stepMs)
      const series = [label, 'web-2'].map((instance, n) => ({
        labels: { instance, le: n === 0 ? '0.5' : '+Inf' },
        values: times.map((_, i) => (i % 7 === 3 ? null : n === 1 && i === 0 ? ('NaN' as const) : 1536 * (n + 1) + i)),
      }))
      return { resultType: 'matrix', stepMs, times, series, ...told }
    },
    instant: async ({ expr, at }) => {
      failing(expr)
      return {
        resultType: 'vector',
        at: at ?? to,
        series: [{ labels: { instance: label }, samples: [[to, 0.42]] }],
        text: null,
        ...told,
      }
    },
    labelValues: async () => [label, 'web-2'],
    labelNames: async () => ['instance'],
  }
}

function exporter(queries = queriesOf(), print = printPage): ExportBoard {
  return boardExporter({
    clock: fakePorts().clock,
    version: '1.2.3',
    queries,
    alerts: async () => [
      alertView({
        id: 'a',
        rule: 'Shop',
        annotations: { summary: 'Shop <down>' },
        state: 'firing',
        labels: { team: 'shop' },
      }),
      alertView({ id: 'b', rule: 'Other', labels: {} }),
    ],
    checks: () => [
      checkView({ id: 'c', name: 'Shop front', labels: { team: 'shop' } }),
      checkView({ id: 'd', name: 'Elsewhere', labels: {} }),
    ],
    histories: async (ids) =>
      ids.map((id) => ({
        id,
        bar: [{ from: to - 1000, to, state: 'down' as const, downMs: 1000 }],
        uptime: { day: uptime, week: uptime, month: uptime },
        latencyMs: [],
      })),
    print,
  })
}
const uptime = { upMs: 1, downMs: 1, unobservedMs: 0, availabilityRatio: 0.5, coverageRatio: 1 } as never
const html = async (board = sample, queries = queriesOf()) =>
  (await exporter(queries)(board, asked, () => {}, new AbortController().signal)).content
const withPanel = (panel: object) =>
  Dashboard.parse({
    version: 1,
    uid: 'one',
    title: 'One',
    panels: [{ id: 1, grid: { x: 0, y: 0, w: 12, h: 8 }, ...panel }],
  })
const target = (expr = 'up', more: object = {}) => ({ targets: [{ refId: 'A', expr, ...more }] })

describe('the page of a board', () => {
  it('shows every kind of panel, the range and what is chosen', async () => {
    const page = await html()
    for (const text of [
      'CPU by mode',
      'At a glance',
      'Look at <strong>latency</strong> first',
      'Requests of web-1',
      'Shop front',
    ]) {
      expect(page).toContain(text)
    }
    expect(page).toContain('2026-01-05 13:00:00 to 2026-01-05 14:00:00, UTC')
    expect(page).toContain('Instance: All')
    expect(page).toContain('Shop &lt;down&gt;')
    expect(page).not.toContain('Elsewhere')
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(12)
  })

  it('runs nothing, loads nothing, and has a policy that allows neither', async () => {
    const page = await html()
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    )
    expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|\ssrc=|url\(|@import|javascript:/i)
    for (const [, href] of page.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:\/\//)
  })

  it('has the numbers of the screen, in their units', async () => {
    const page = await html(withPanel({ type: 'stat', title: 'Memory', unit: 'bytes', ...target() }))
    expect(page).toContain('1.73 KiB')
    expect(page).toMatch(/<td><svg[^>]*class="mark".*?<\/svg>web-2 · \+Inf<\/td><td class="number">3\.23 KiB<\/td>/)
  })

  it('tells a state by its word, too', async () => {
    const thresholds = { base: 'up', steps: [{ value: 100, state: 'down' }] }
    expect(await html(withPanel({ type: 'stat', thresholds, ...target() }))).toContain(
      '<span class="state">down</span>',
    )
    expect(await html(withPanel({ type: 'bar', thresholds, ...target() }))).toContain('(down)')
  })

  it('says which query failed, and shows the others', async () => {
    const targets = [
      { refId: 'A', expr: 'broken' },
      { refId: 'B', expr: 'up', legend: 'fine {{instance}}' },
    ]
    const page = await html(withPanel({ type: 'timeseries', targets }))
    expect(page).toContain('Query A failed: expected an expression &lt;b&gt;here&lt;/b&gt;')
    expect(page).toContain('fine web-1')
  })

  it.each(['timeseries', 'stat', 'gauge', 'bar', 'table', 'heatmap', 'state-timeline'])(
    'says that a %s has no data',
    async (type) => {
      const none: BoardQueries = {
        ...queriesOf(),
        range: async ({ stepMs }) => ({
          resultType: 'matrix',
          stepMs,
          times: [],
          series: [],
          tier: 'raw',
          warnings: [],
          stats: { samples: 0, durationMs: 0 },
        }),
      }
      expect(await html(withPanel({ type, ...target() }), none)).toContain('No data.')
    },
  )

  it('takes names of any kind as text and nothing else', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=x>', "'--></style><b>", '&lt;', '\0\x1b'),
    )
    const known =
      /^<\/?(!doctype html|html|head|body|meta|title|style|header|h1|h2|h3|h4|p|span|main|section|article|footer|div|table|tr|td|th|svg|path|rect|line|circle|text|a|strong|em|del|code|pre|ul|ol|li|blockquote|hr)[\s>]/
    await fc.assert(
      fc.asyncProperty(
        hostile,
        hostile,
        fc.constantFrom('timeseries', 'stat', 'bar', 'table', 'state-timeline', 'gauge', 'heatmap'),
        async (label, title, type) => {
          const board = withPanel({
            type,
            title: title.slice(0, 100),
            ...target('up', { legend: '{{instance}}' }),
          })
          const page = await html({ ...board, title: title || 'x', description: title }, queriesOf(label))
          for (const [tag] of page.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<[^>]*>/g)) {
            expect(tag).toMatch(known)
            expect(tag.replace(/="[^"]*"/g, '')).not.toMatch(/["'=]|\son/)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('an export', () => {
  it('tells how far it is', async () => {
    const told: string[] = []
    await exporter(queriesOf(), async () => new TextEncoder().encode('%PDF'))(
      sample,
      { ...asked, format: 'pdf' },
      ({ step, done, total }) => told.push(`${step} ${done}/${total}`),
      new AbortController().signal,
    )
    expect(told[0]).toBe('data 1/16')
    expect(told.slice(-3)).toEqual(['data 16/16', 'drawing 0/16', 'printing 16/16'])
  })

  it('ends when nobody waits for it any more', async () => {
    const controller = new AbortController()
    const run = exporter()(
      sample,
      asked,
      ({ done }) => (done === 3 ? controller.abort() : undefined),
      controller.signal,
    )
    await expect(run).rejects.toThrow()
  })

  it('is refused for an unknown zone, and for more panels than a page holds', async () => {
    const { signal } = new AbortController()
    await expect(exporter()(sample, { ...asked, timeZone: 'Mars' }, () => {}, signal)).rejects.toMatchObject({
      code: 'invalid',
      message: 'timeZone: expected the name of a zone such as Europe/Berlin, came "Mars".',
    })
    const panels = Array.from({ length: 301 }, (_, id) => ({
      type: 'text',
      id: id + 1,
      grid: { x: 0, y: id, w: 1, h: 1 },
    }))
    const large = Dashboard.parse({ version: 1, uid: 'l', title: 'L', panels })
    await expect(exporter()(large, asked, () => {}, signal)).rejects.toMatchObject({ code: 'too-large' })
  })
})

const browser = findBrowser({ platform: process.platform, env: process.env })

describe('a PDF', () => {
  const before = process.env['CHROMIUM_PATH']
  afterEach(() => {
    if (before === undefined) delete process.env['CHROMIUM_PATH']
    else process.env['CHROMIUM_PATH'] = before
  })

  it.skipIf(browser === null)(
    'is printed by an installed Chromium (needs the package chromium)',
    async () => {
      const { fileName, content } = await exporter()(
        sample,
        { ...asked, format: 'pdf' },
        () => {},
        new AbortController().signal,
      )
      expect(fileName).toBe('shop.pdf')
      const pdf = Buffer.from(content, 'base64').toString('latin1')
      expect(pdf.startsWith('%PDF-')).toBe(true)
      // 1280 x 905 px, in points.
      expect(pdf).toMatch(/\/MediaBox \[0 0 960 678\.\d+\]/)
    },
    60_000,
  )

  it.skipIf(browser === null)('is given up when nobody waits for it any more', async () => {
    const controller = new AbortController()
    const printing = printPage('<!doctype html><p>x', controller.signal)
    controller.abort()
    await expect(printing).rejects.toThrow()
  })

  it('says what to do where nothing can print', async () => {
    process.env['CHROMIUM_PATH'] = '/nowhere/chromium'
    await expect(printPage('', new AbortController().signal)).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringMatching(/^Expected Chromium or Chrome to print with, found none\..* export as HTML/),
    })
  })

  it('says what a browser said that cannot print', async () => {
    process.env['CHROMIUM_PATH'] = '/bin/false'
    await expect(printPage('', new AbortController().signal)).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringMatching(/^\/bin\/false could not print: .* Export as HTML instead\.$/),
    })
  })
})
