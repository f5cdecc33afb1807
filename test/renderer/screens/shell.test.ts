import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from './screen-checks.ts'

// A browser on a busy machine takes its time; every wait ends with what it waits for.
vi.setConfig({ testTimeout: 60_000 })

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

const screens = [
  { at: '#/', heading: 'Overview' },
  { at: '#/machine', heading: 'workstation' },
]

describe.each(screens)('the screen at $at', ({ at, heading }) => {
  it.each(['dark', 'light'] as const)('has no serious accessibility finding in %s', async (theme) => {
    const { page, problems } = await harness.open({ at, theme })
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await page
      .getByText('Checkout API')
      .first()
      .or(page.getByText('Postgres').first())
      .or(page.getByRole('figure').first())
      .first()
      .waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it.each([
    [1440, 900],
    [1024, 768],
  ])('fits into %i x %i', async (width, height) => {
    const { page } = await harness.open({ at, width, height })
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await expectNoOverflow(page)
  })

  it.each(['empty', 'failed', 'slow', 'lost', 'notices'] as const)(
    'stands in mode %s without an error',
    async (mode) => {
      const { page, problems } = await harness.open({ at, mode })
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      expect(problems).toEqual([])
    },
  )
})

describe('the frame', () => {
  it('counts states and leads to the checks of a state', async () => {
    const { page } = await harness.open()
    const bar = page.getByRole('navigation', { name: 'How things stand' })
    await bar.getByText('firing').waitFor()
    expect((await bar.textContent())?.replace(/\s+/g, ' ')).toMatch(/3 firing.*2.*down.*3.*degraded.*31.*up/)
    await bar.locator('a', { hasText: 'degraded' }).last().click()
    await page.waitForURL(/#\/checks\?state=degraded$/)
  })

  it('goes everywhere by keyboard', async () => {
    const { page } = await harness.open()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.getByRole('heading', { level: 1, name: 'workstation' }).waitFor()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await sheet.getByText('Pause or play all charts').waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('postgres repl')
    await page.getByRole('option', { selected: true }).filter({ hasText: 'Postgres replica' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('overview')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  })

  it('does not take letters from who types', async () => {
    const { page } = await harness.open({ mode: 'welcome' })
    await page.getByRole('textbox', { name: 'URL, host or host:port' }).fill('')
    await page.keyboard.type('gm?p')
    expect(await page.getByRole('textbox', { name: 'URL, host or host:port' }).inputValue()).toBe('gm?p')
    expect(new URL(page.url()).hash).toBe('')
  })

  it('says that the connection is lost, keeps what it knew, and comes back', async () => {
    const { page } = await harness.open()
    await page.getByText('7 of 40 need a look').waitFor()
    await page.evaluate(() => window.sample.transport.setState('connecting'))
    await page.getByText('Belfry cannot be reached').waitFor()
    await page
      .getByText(/\d+ s old/)
      .first()
      .waitFor()
    expect(await page.getByText('7 of 40 need a look').isVisible()).toBe(true)
    await page.evaluate(() => {
      window.sample.calls.length = 0
      window.sample.transport.setState('open')
    })
    await page.getByText('Belfry cannot be reached').waitFor({ state: 'detached' })
    await page
      .getByText(/\d+ s old/)
      .first()
      .waitFor({ state: 'detached' })
    const asked = await page.evaluate(() => window.sample.calls.map(({ name }) => name))
    expect(asked).toEqual(expect.arrayContaining(['checks.list', 'alerts.list', 'console.health', 'metrics.query']))
  })

  it('tells a browser without a session where the way in is', async () => {
    const { page, problems } = await harness.open({ mode: 'unauthenticated' })
    await page.getByRole('heading', { name: 'This browser is not logged in' }).waitFor()
    expect(await page.getByText('Press Enter there to print a new link').isVisible()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it('tells a notice with its file and line', async () => {
    const { page } = await harness.open({ mode: 'notices' })
    const notices = page.getByRole('region', { name: 'Notices' })
    await notices.getByText('/home/operator/.config/belfry/belfry.yaml:41').waitFor()
    await notices.getByRole('button', { name: '1 more' }).click()
    await notices.getByText('Install iputils-ping').waitFor()
  })

  it('shows what Belfry’s own health is made of', async () => {
    const { page } = await harness.open({ mode: 'notices' })
    await page.getByRole('button', { name: 'Belfry itself: degraded' }).click()
    await page.getByText('Correct line 41').waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  it('tells a new alert once, as a toast and to those who listen', async () => {
    const { page } = await harness.open()
    await page.getByText('7 of 40 need a look').waitFor()
    await page.evaluate(() =>
      window.sample.emit('inbox.added', {
        id: 'new',
        at: Date.now(),
        alertId: 'alert-01',
        event: 'fired',
        severity: 'critical',
        title: 'Queue is down',
        body: '',
        readAt: null,
      }),
    )
    await page.getByText('New critical alert: Queue is down').waitFor({ state: 'attached' })
    await page.getByRole('log').getByRole('button', { name: 'Open' }).click()
    await page.waitForURL(/#\/alerts\/alert-01$/)
  })

  it('tells in the tab what is wrong, and that it may be old', async () => {
    const { page } = await harness.open({ at: '#/checks' })
    await page.waitForFunction(() => document.title === '(2 down) Checks · Belfry')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/icon-down.svg')
    await page.evaluate(() => window.sample.transport.setState('connecting'))
    await page.waitForFunction(() => document.title === '(Not connected) Checks · Belfry')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/icon-unknown.svg')
  })

  it('opens the link that has the focus, not the row the keys are at', async () => {
    const { page } = await harness.open({ at: '#/checks' })
    await page.locator('tbody a').first().waitFor()
    await page.keyboard.press('j')
    await page.getByRole('button', { name: 'New check' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'New check' }).waitFor()
    await page.goBack()
    await page.locator('tbody a').first().waitFor()
    await page.keyboard.press('j')
    const link = page.locator('tbody a').nth(3)
    const name = (await link.textContent()) ?? ''
    await link.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name }).waitFor()
  })

  it('keeps the keyboard’s place when what had it is gone', async () => {
    const { page } = await harness.open({ at: '#/alerts' })
    const place = () => page.evaluate(() => document.activeElement?.id)
    await page.getByText('Checkout API is down').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.id === 'screen')
    await page.keyboard.press('/')
    await page.keyboard.type('checkout')
    await page.keyboard.press('Enter')
    expect(await place()).toBe('screen')
  })

  it('lets one screen break without the others', async () => {
    const { page } = await harness.open({ at: '#/nowhere' })
    await page.getByText('There is nothing at this address').waitFor()
    await page.getByRole('link', { name: 'Go to the overview' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  })
})
