import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

// A browser on a busy machine takes its time; every wait ends with what it waits for.
vi.setConfig({ testTimeout: 60_000 })

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

const at = '#/dashboards/workstation'
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const edit = (page: Page) => page.getByRole('button', { name: 'Edit', exact: true })
const asked = (page: Page) =>
  page.evaluate(() =>
    window.sample.calls.filter(({ name }) => name.startsWith('query.')).map(({ input }) => JSON.stringify(input)),
  )

const grafanaBoard = {
  title: 'From Grafana',
  schemaVersion: 39,
  panels: [
    {
      id: 1,
      type: 'timeseries',
      title: 'Load',
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
      datasource: { type: 'prometheus', uid: 'p' },
      targets: [{ refId: 'A', expr: 'node_load1', legendFormat: '1 min' }],
    },
    { id: 2, type: 'geomap', title: 'World', gridPos: { x: 12, y: 0, w: 12, h: 8 } },
  ],
}

describe('the list of dashboards', () => {
  it('is found by words, by whose they are, and by tags', async () => {
    const { page } = await harness.open({ at: '#/dashboards' })
    const boards = page.getByRole('list', { name: 'Dashboards' })
    await boards.getByText('Workstation').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('shop')
    await boards.getByText('Workstation').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'host' }).click()
    await boards.getByText('A board with every kind').waitFor({ state: 'detached' })
    await boards.getByRole('link', { name: /Workstation/ }).click()
    await page.getByRole('heading', { name: 'Workstation', level: 1 }).waitFor()
  })

  it('makes a board, and leads to it', async () => {
    const { page } = await harness.open({ at: '#/dashboards' })
    await page.getByRole('heading', { name: 'Dashboards' }).waitFor()
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'Title' }).fill('Night shift')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByText('Nothing is on this dashboard yet').waitFor()
    expect(page.url()).toContain('#/dashboards/night-shift')
  })

  it('imports a board of Grafana, saying first what of it cannot be taken', async () => {
    const { page } = await harness.open({ at: '#/dashboards' })
    await page.getByRole('button', { name: 'Import' }).click()
    const text = page.getByRole('textbox', { name: /JSON of a dashboard/ })
    await text.fill(JSON.stringify(grafanaBoard))
    await page.getByRole('button', { name: 'Read it' }).click()
    const left = page.getByRole('table', { name: 'What was not taken over' })
    await left.getByText('World').waitFor()
    await page.getByRole('button', { name: 'Save it' }).click()
    await page.getByRole('heading', { name: 'From Grafana', level: 1 }).waitFor()
    await panel(page, 'Load').waitFor()
  })

  it('takes expressions from Explore as a panel', async () => {
    const { page } = await harness.open({ at: '#/explore?a=node_load1' })
    await page.getByRole('button', { name: 'Add to dashboard' }).click()
    await page.getByRole('button', { name: 'A new dashboard' }).click()
    await page.getByRole('option', { name: 'Workstation' }).click()
    await page.getByRole('button', { name: 'Add the panel' }).click()
    await panel(page, 'node_load1').waitFor()
  })
})

describe('a dashboard', () => {
  it('draws every kind of panel under the policy of the page', async () => {
    const { page, problems } = await harness.open({ at, height: 1500 })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await panel(page, 'CPU busy').getByText(/%$/).waitFor()
    await panel(page, 'Disk space used').getByText('/var/lib/postgresql').waitFor()
    await panel(page, 'CPU by mode').getByText('iowait').waitFor()
    await panel(page, 'Latency of requests')
      .getByRole('img', { name: /heatmap/ })
      .waitFor()
    await panel(page, 'Probes').getByText('Checkout API').waitFor()
    await panel(page, 'Network').getByText('eth0').waitFor()
    await panel(page, 'Checks').getByRole('slider').first().waitFor()
    await panel(page, 'Firing').getByText('Checkout API is down').waitFor()
    await panel(page, 'Notes').getByRole('link', { name: 'on-call sheet' }).waitFor()
    expect(problems).toEqual([])
  })

  it('asks with what is chosen of its variables, and keeps that in the address', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Disks').getByText('sda read').waitFor()
    await page.getByRole('button', { name: 'Disk: All' }).click()
    await page.getByRole('dialog', { name: 'Disk' }).getByText('sda').click()
    await page.keyboard.press('Escape')
    await panel(page, 'Disks').getByText('nvme0n1 read').waitFor({ state: 'detached' })
    expect(page.url()).toContain('var-device=sda')
    expect((await asked(page)).join()).toContain('device=~\\"sda\\"')
    await page.reload()
    await page.getByRole('button', { name: 'Disk: sda' }).waitFor()
  })

  it('asks for what is on the screen, a few at a time', async () => {
    const { page } = await harness.open({ at, height: 500 })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    expect((await asked(page)).join()).not.toContain('http_request_duration')
    await panel(page, 'Latency of requests').scrollIntoViewIfNeeded()
    await page.waitForFunction(() => JSON.stringify(window.sample.calls).includes('http_request_duration'))
  })

  it('closes and opens rows', async () => {
    const { page } = await harness.open({ at, height: 1500 })
    const row = page.getByRole('button', { name: 'Services' })
    await panel(page, 'Probes').waitFor()
    await row.click()
    await panel(page, 'Probes').waitFor({ state: 'detached' })
    expect(await row.getAttribute('aria-expanded')).toBe('false')
  })

  it('shows one panel large, as a table, and as a file', async () => {
    const { page } = await harness.open({ at })
    const menu = (name: string) => page.getByRole('button', { name: `Menu of ${name}` })
    await panel(page, 'Disks').getByText('sda read').waitFor()
    await menu('Disks').click()
    await page.getByRole('menuitem', { name: 'View large' }).click()
    await panel(page, 'Load').waitFor({ state: 'detached' })
    expect(page.url()).toContain('view=7')
    await menu('Disks').click()
    await page.getByRole('menuitem', { name: 'Table' }).click()
    await page.getByRole('table', { name: 'Disks' }).waitFor()
    await menu('Disks').click()
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as CSV' }).click(),
    ])
    expect(csv.suggestedFilename()).toBe('disks.csv')
    expect(await readFile(await csv.path(), 'utf8')).toMatch(/^time,nvme0n1 read,sda read/)
    await page.keyboard.press('Escape')
    await panel(page, 'CPU by mode').getByText('iowait').waitFor()
    await menu('CPU by mode').click()
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as PNG' }).click(),
    ])
    expect(png.suggestedFilename()).toBe('cpu-by-mode.png')
    const bytes = await readFile(await png.path())
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(bytes.length).toBeGreaterThan(10_000)
  })

  it('is kept as a page, as the console draws it of what is chosen here', async () => {
    const { page } = await harness.open({ at: `${at}?var-device=sda` })
    await page.getByRole('button', { name: 'Disk: sda' }).waitFor()
    await page.getByRole('button', { name: 'Menu of the dashboard' }).click()
    const [html] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /Save as a page/ }).click(),
    ])
    expect(html.suggestedFilename()).toMatch(/\.html$/)
    const asked = await page.evaluate(
      () => window.sample.calls.findLast(({ name }) => name === 'dashboards.export')?.input,
    )
    expect(asked).toMatchObject({ uid: 'workstation', format: 'html', variables: { device: ['sda'] }, timeZone: 'UTC' })
  })

  it('says of one panel what is wrong with its query, and shows the others', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await edit(page).click()
    await page.getByRole('group', { name: 'Load, movable' }).press('Enter')
    const query = page.getByRole('textbox', { name: 'Query A' })
    await query.press('Control+a')
    await query.pressSequentially('rate(node_load1)')
    await panel(page, 'Load').getByRole('alert').getByText('1:6').waitFor()
    expect(await page.locator('.cm-lintRange-error').first().textContent()).toBe('node_load1')
    await page.getByRole('button', { name: 'Back to the board' }).click()
    await panel(page, 'Memory available').getByText(/GiB/).waitFor()
  })

  it('keeps what it knew when it cannot be reached, greyed and with its age', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await page.evaluate(() => window.sample.failing.add('query.range'))
    await panel(page, 'Load')
      .getByText(/^(now|\d+ s) old$/)
      .waitFor()
    expect(await panel(page, 'Load').getByText(/^\d/).first().isVisible()).toBe(true)
  })
})

describe('editing a dashboard', () => {
  it('moves and resizes with the keyboard, says so, takes it back, and saves what it says', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await edit(page).click()
    const load = page.getByRole('group', { name: 'Load, movable' })
    await load.press('Shift+ArrowDown')
    await page.getByRole('status').getByText('Load: 4 columns wide, 6 lines high').waitFor()
    await load.press('ArrowRight')
    await page.getByRole('status').getByText('Load: column 2, line 1').waitFor()
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+s')
    const changes = page.getByRole('list', { name: 'What changes' })
    await changes.getByText('Resize the panel "Load" from 4 × 5 to 4 × 6').waitFor()
    expect(await changes.getByText('Move the panel "Load"').count()).toBe(0)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved "Workstation".').waitFor()
    await edit(page).waitFor()
  })

  it('moves with the mouse', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await edit(page).click()
    const load = page.getByRole('group', { name: 'Load, movable' })
    const before = await load.boundingBox()
    if (!before) throw new Error('the panel has no place on the page')
    await page.mouse.move(before.x + 60, before.y + 15)
    await page.mouse.down()
    await page.mouse.move(before.x + 60 + before.width / 2, before.y + 15, { steps: 5 })
    await page.mouse.up()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Done' }).waitFor()
    expect((await load.boundingBox())?.x).toBeCloseTo(before.x, 0)
  })

  it('adds a panel, takes its query as it is typed, and shows it', async () => {
    const { page } = await harness.open({ at })
    await edit(page).click()
    await page.getByRole('button', { name: 'Add a panel' }).click()
    await page.getByRole('button', { name: /^Gauge/ }).click()
    await page.getByRole('textbox', { name: 'Query A' }).pressSequentially('node_load5')
    await panel(page, 'New panel')
      .getByRole('img', { name: /^node_load5: / })
      .waitFor()
    await page.getByRole('textbox', { name: 'Title' }).fill('Load of five minutes')
    await page.getByRole('button', { name: 'Add a threshold' }).click()
    await page.getByRole('button', { name: 'Back to the board' }).click()
    await panel(page, 'Load of five minutes').waitFor()
  })

  it('asks before what is not saved is left', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await edit(page).click()
    await page.getByRole('group', { name: 'Load, movable' }).press('Shift+ArrowRight')
    await page.getByText('changed, not saved').waitFor()
    await page.getByRole('link', { name: 'Checks' }).first().click()
    await page.getByRole('button', { name: 'Stay' }).click()
    await page.getByRole('button', { name: 'Give up' }).click()
    await edit(page).waitFor()
    await page.getByRole('link', { name: 'Checks' }).first().click()
    await page.getByRole('heading', { name: 'Checks', level: 1 }).waitFor()
  })

  it('does not write over what somebody else has saved meanwhile', async () => {
    const { page } = await harness.open({ at })
    await panel(page, 'Load').getByText(/^\d/).waitFor()
    await edit(page).click()
    await page.getByRole('group', { name: 'Load, movable' }).press('Shift+ArrowRight')
    await page.evaluate(async () => {
      const { board, revision } = await window.sample.answer('dashboards.get', { uid: 'workstation' })
      await window.sample.answer('dashboards.save', { board: { ...board, title: 'Theirs' }, basedOn: revision })
    })
    await page.keyboard.press('Control+s')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('has been changed since').waitFor()
    await page.getByRole('button', { name: 'Give up mine, show what is there' }).click()
    await page.getByRole('heading', { name: 'Theirs', level: 1 }).waitFor()
  })

  it('makes variables, and says what is wrong with one', async () => {
    const { page } = await harness.open({ at })
    await edit(page).click()
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByRole('tab', { name: /Variables/ }).click()
    const device = page.getByRole('region', { name: 'Variable device' })
    await device.getByRole('textbox', { name: 'Query' }).fill('values of it')
    await device.getByText(/expected label_values/).waitFor()
    await device.getByRole('textbox', { name: 'Query' }).fill('label_values(node_filesystem_size_bytes, mountpoint)')
    await device.getByText(/expected label_values/).waitFor({ state: 'detached' })
  })
})

describe('everybody', () => {
  it('can use dashboards, in both themes', async () => {
    for (const theme of ['dark', 'light'] as const) {
      for (const place of ['#/dashboards', at]) {
        const { page } = await harness.open({ at: place, theme, height: 1500 })
        await page.getByRole('main').getByRole('heading').nth(1).or(page.getByText('Workstation')).first().waitFor()
        if (place === at) await panel(page, 'Network').getByText('eth0').waitFor()
        expect(await seriousFindings(page)).toEqual([])
        await expectNoOverflow(page)
      }
      const { page } = await harness.open({ at, theme })
      await edit(page).click()
      await page.getByRole('group', { name: 'Load, movable' }).press('Enter')
      await page.getByRole('textbox', { name: 'Query A' }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await expectNoOverflow(page)
    }
  })
})
