/** Dashboards of the real console: a shipped one with live data, one of one's own, one of Grafana, and an expression explored. */
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import { openPage } from './support/page.ts'

let home: ConsoleHome
let console: RunningConsole
let browser: Browser
let page: Page
let complaints: readonly string[]

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  home = makeHome()
  browser = await launchChromium()
  console = await startConsole(home)
  const opened = await openPage(browser, console.link)
  page = opened.page
  complaints = opened.complaints
})

test.afterAll(async () => {
  await browser.close()
  await console.end()
  home.remove()
})

const panel = (name: string) => page.getByRole('region', { name, exact: true })

test('a shipped board shows this machine, live', async () => {
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page
    .getByRole('main')
    .getByRole('link', { name: /^This machine/ })
    .click()
  await expect(page.getByRole('heading', { name: 'This machine', level: 1 })).toBeVisible()
  await expect(panel('Memory').getByText(/%$/)).toBeVisible()
  await expect(panel('Load').getByRole('img', { name: /^Load, chart/ })).toBeVisible()
  expect(await seriousViolations()).toEqual([])
})

test('a board is made, its query is mended at the place that was wrong, and it is there after a reload', async () => {
  await page.goto(`${console.origin}/#/dashboards`)
  await page.getByRole('button', { name: 'New dashboard' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('Night shift')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('button', { name: 'Add a panel' }).last().click()
  await page.getByRole('button', { name: /^Time series/ }).click()

  const query = page.getByRole('textbox', { name: 'Query A' })
  await query.pressSequentially('rate(node_load1')
  await query.press('Escape')
  await expect(page.getByText('1:6', { exact: true })).toBeVisible()
  await expect(page.locator('.cm-lintRange-error').first()).toHaveText('node_load1')
  await query.press('Control+a')
  await query.pressSequentially('node_load1')
  await query.press('Escape')
  await expect(page.getByText('1:6', { exact: true })).toBeHidden()
  await expect(panel('New panel').getByText('node_load1')).toBeVisible()
  await page.getByRole('textbox', { name: 'Title' }).fill('Load tonight')
  expect(await seriousViolations()).toEqual([])
  await page.getByRole('button', { name: 'Back to the board' }).click()

  const movable = page.getByRole('group', { name: 'Load tonight, movable' })
  await movable.press('Shift+ArrowRight')
  await movable.press('ArrowRight')
  await expect(page.getByRole('status').getByText('Load tonight: column 2, line 1')).toBeAttached()
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('list', { name: 'What changes' })).toContainText('Add the panel "Load tonight"')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved "Night shift".')).toBeVisible()

  await page.reload()
  await expect(panel('Load tonight').getByText('node_load1')).toBeVisible()
})

test('a board of Grafana is imported, and what it cannot keep is said before', async () => {
  await page.goto(`${console.origin}/#/dashboards`)
  await page.getByRole('button', { name: 'Import' }).click()
  const text = page.getByRole('textbox', { name: /JSON of a dashboard/ })
  await text.fill('{ "title": ')
  await page.getByRole('button', { name: 'Read it' }).click()
  await expect(page.getByRole('dialog')).toContainText(/JSON/)
  await text.fill(JSON.stringify(grafanaBoard))
  await page.getByRole('button', { name: 'Read it' }).click()
  await expect(page.getByRole('table', { name: 'What was not taken over' })).toContainText('World')
  await page.getByRole('button', { name: 'Save it' }).click()
  await expect(page.getByRole('heading', { name: 'From Grafana', level: 1 })).toBeVisible()
  await expect(
    panel('Memory of it')
      .getByText(/GiB|MiB/)
      .first(),
  ).toBeVisible()
})

test('an expression is explored, and its link shows the same', async () => {
  await page.goto(`${console.origin}/#/explore`)
  const field = page.getByRole('textbox', { name: 'Expression A' })
  await field.pressSequentially('node_memory_MemTot')
  await page.getByRole('listbox', { name: 'Completions' }).getByRole('option').first().click()
  await expect(field).toHaveText('node_memory_MemTotal_bytes')
  await field.press('Control+Enter')
  await expect(page.getByRole('table', { name: 'Values' })).toContainText('node_memory_MemTotal_bytes')
  await expect(page.getByText(/samples in/)).toBeVisible()
  await page.reload()
  await expect(page.getByRole('table', { name: 'Values' })).toContainText('node_memory_MemTotal_bytes')
  expect(await seriousViolations()).toEqual([])
  expect(complaints).toEqual([])
})

const grafanaBoard = {
  title: 'From Grafana',
  schemaVersion: 39,
  panels: [
    {
      id: 1,
      type: 'timeseries',
      title: 'Memory of it',
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
      datasource: { type: 'prometheus', uid: 'p' },
      fieldConfig: { defaults: { unit: 'bytes' }, overrides: [] },
      targets: [{ refId: 'A', expr: 'node_memory_MemTotal_bytes', legendFormat: 'all' }],
    },
    { id: 2, type: 'geomap', title: 'World', gridPos: { x: 12, y: 0, w: 12, h: 8 } },
  ],
}

async function seriousViolations(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    // What react-aria has just read out stays for some seconds, named by what may be gone already.
    .exclude('[data-live-announcer]')
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('; ')}`)
}
