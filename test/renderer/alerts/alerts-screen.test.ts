import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

describe('the alerts', () => {
  it('are acknowledged by keyboard with a note, and given back by Undo', async () => {
    const { page } = await harness.open({ at: '#/alerts' })
    await page.getByRole('button', { name: /Checkout API is down/ }).waitFor()
    for (const key of ['j', 'j', 'a']) await page.keyboard.press(key)
    await page.getByRole('dialog', { name: 'Acknowledge Checkout API is down' }).waitFor()
    await page.keyboard.type('On it')
    await page.keyboard.press('Enter')
    await page.getByText('Acknowledged "Checkout API is down".').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForFunction(() => window.sample.calls.some(({ name }) => name === 'alerts.unacknowledge'))
    const asked = await page.evaluate(
      () => window.sample.calls.find(({ name }) => name === 'alerts.acknowledge')?.input,
    )
    expect(asked).toMatchObject({ ids: ['alert-01'], note: 'On it', until: null })
  })

  it('are snoozed many at once, for a typed length', async () => {
    const { page } = await harness.open({ at: '#/alerts' })
    await page.getByRole('button', { name: /Checkout API is down/ }).waitFor()
    for (const key of ['j', 'x', 'j', 'x', 's']) await page.keyboard.press(key)
    await page.getByRole('dialog', { name: 'Snooze 2 alerts' }).waitFor()
    await page.getByRole('textbox', { name: 'Another length' }).fill('2 h 30 min')
    await page.keyboard.press('Enter')
    await page.getByText(/^Snoozed 2 alerts until/).waitFor()
    const asked = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'alerts.snooze')?.input)
    const { ids, until } = asked as { ids: string[]; until: number }
    expect(ids).toHaveLength(2)
    expect(Math.abs(until - Date.now() - 9_000_000)).toBeLessThan(30_000)
  })

  it('are grouped by rule, the worst group first', async () => {
    const { page } = await harness.open({ at: '#/alerts' })
    await page.getByRole('button', { name: /Group by/ }).click()
    await page.getByRole('option', { name: 'By rule' }).click()
    await page.getByRole('heading', { name: /^CheckDown/ }).waitFor()
    expect(await page.getByRole('heading', { level: 3 }).first().textContent()).toBe('CheckDown2')
  })

  it('open beside the list, with the line of the rule and its threshold, and explain themselves', async () => {
    const { page } = await harness.open({ at: '#/alerts' })
    await page.getByRole('button', { name: /is 93 % full/ }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('figure', { name: 'DiskAlmostFull around this alert' }).waitFor()
    for (const part of ['Why', 'Rule', 'Labels', 'What happened', 'Deliveries']) {
      await drawer.getByRole('heading', { name: part, exact: true }).waitFor()
    }
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: /^Acknowledge/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
  })

  it('say all is quiet when they are', async () => {
    const { page } = await harness.open({ at: '#/alerts', mode: 'empty' })
    await page.getByText('All quiet').waitFor()
    await page.getByRole('link', { name: 'See what is watched' }).click()
    await page.getByRole('tab', { name: 'Rules', selected: true }).waitFor()
  })

  it('say the cause when they cannot be loaded', async () => {
    const { page } = await harness.open({ at: '#/alerts', mode: 'failed' })
    await page.getByText('Alerts could not be loaded').waitFor()
  })
})

describe('the rules', () => {
  it('are switched off and on again by Undo', async () => {
    const { page } = await harness.open({ at: '#/rules' })
    await page.getByRole('switch', { name: 'CheckDown is on' }).focus()
    await page.keyboard.press('Space')
    await page.getByText('"CheckDown" is off.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForFunction(() => window.sample.calls.filter(({ name }) => name === 'rules.setEnabled').length === 2)
  })

  it('show what their expression finds while it is typed, and what is wrong with it', async () => {
    const { page } = await harness.open({ at: '#/rules/new' })
    await page.getByText('PromQL', { exact: true }).click()
    const expression = page.getByRole('textbox', { name: /^Expression/ })
    await expression.fill('sum(')
    await page.getByText('Expected a closing bracket at the end.').waitFor()
    await expression.fill('probe_success == 0')
    await page.getByText('2 series, in').waitFor()
  })

  it('are replayed over history', async () => {
    const { page } = await harness.open({ at: '#/rules/new' })
    await page.getByRole('textbox', { name: 'Metric and filter' }).fill('node_load1')
    await page.getByRole('textbox', { name: /^Threshold/ }).fill('4')
    await page.keyboard.press('Control+Enter')
    await page.getByText('fired 2 times, 25 min firing').waitFor()
    const asked = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'rules.backtest')?.input)
    expect(asked).toMatchObject({ expr: 'node_load1 > 4', forMs: 60_000, everyMs: 15_000 })
  })

  it('are shown in the groups they are evaluated in', async () => {
    const { page } = await harness.open({ at: '#/rules' })
    await page.getByText('Groups', { exact: true }).click()
    await page.getByText('job:requests:rate5m').first().waitFor()
  })

  it('are saved with severity, durations and words, and a name that is none is refused', async () => {
    const { page } = await harness.open({ at: '#/rules/new' })
    await page.getByRole('textbox', { name: /^Name/ }).fill('Disk full')
    await page.getByRole('textbox', { name: 'Metric and filter' }).fill('node_load1')
    await page.getByRole('textbox', { name: /^Threshold/ }).fill('4')
    await page.getByRole('textbox', { name: 'For', exact: true }).fill('5m')
    await page.getByRole('textbox', { name: 'Summary' }).fill('Load is {{ $value }}')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('expected letters, digits and _ only').waitFor()
    await page.getByRole('textbox', { name: /^Name/ }).fill('LoadHigh')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved "LoadHigh".').waitFor()
    const asked = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'rules.save')?.input)
    expect(asked).toEqual({
      id: null,
      rule: {
        alert: 'LoadHigh',
        expr: 'node_load1 > 4',
        forMs: 300_000,
        keepFiringForMs: 0,
        labels: { severity: 'warning' },
        annotations: { summary: 'Load is {{ $value }}' },
      },
    })
  })
})

describe('inbox and deliveries', () => {
  it('mark messages as read and open the alert', async () => {
    const { page } = await harness.open({ at: '#/inbox' })
    await page.getByRole('button', { name: 'Mark all as read' }).click()
    await page.getByRole('button', { name: 'Mark all as read' }).waitFor({ state: 'detached' })
    await page
      .getByRole('button', { name: /Checkout API is down/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
  })

  it('show each attempt with the channel’s own answer', async () => {
    const { page } = await harness.open({ at: '#/deliveries' })
    await page.getByText('Desktop notification').waitFor()
    await page.locator('summary').first().click()
    await page
      .getByText(/accepted|failed/)
      .first()
      .waitFor()
  })
})

describe('every tab', () => {
  it.each([
    ['#/alerts', 'dark', 1440],
    ['#/alerts/alert-03', 'light', 1440],
    ['#/rules', 'light', 1024],
    ['#/rules/new', 'dark', 1024],
    ['#/inbox', 'dark', 1024],
    ['#/deliveries', 'light', 1024],
  ] as const)('%s has no serious finding and fits, %s at %i', async (at, theme, width) => {
    const { page, problems } = await harness.open({ at, theme, width, height: 768 })
    await page.getByRole('heading').first().waitFor()
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
    expect(problems).toEqual([])
  })
})
