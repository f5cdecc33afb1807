import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { seriousFindings } from './screen-checks.ts'

// A browser on a busy machine takes its time; every wait ends with what it waits for.
vi.setConfig({ testTimeout: 60_000 })

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

describe('the overview', () => {
  it('shows the worst first and asks for the histories of what it shows only', async () => {
    const { page } = await harness.open({ checks: 500 })
    const tiles = page.getByRole('region', { name: 'Checks' }).getByRole('listitem')
    await tiles.first().waitFor()
    expect(await tiles.first().textContent()).toContain('Checkout API')
    expect(await tiles.count()).toBe(60)
    await page.getByRole('link', { name: '440 more checks' }).waitFor()
    const asked = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'checks.histories')?.input)
    expect(asked).toMatchObject({ ids: { length: 60 } })
  })

  it('moves a check that goes down to the front, as it happens', async () => {
    const { page } = await harness.open()
    const tiles = page.getByRole('region', { name: 'Checks' }).getByRole('listitem')
    await tiles.first().waitFor()
    await page.evaluate(async () => {
      const checks = await window.sample.answer('checks.list', {})
      const docs = checks.find(({ name }) => name === 'Docs')
      if (docs) window.sample.emit('checks.changed', { ...docs, state: 'down', stateSince: Date.now() })
    })
    await tiles.first().getByRole('link', { name: 'Docs' }).waitFor()
    await page.getByText('8 of 40 need a look').waitFor()
  })

  it('reads a heartbeat bar beat by beat with the arrow keys', async () => {
    const { page } = await harness.open()
    const bar = page.getByRole('slider', { name: 'Postgres replica, heartbeat' })
    await bar.waitFor()
    await page.waitForFunction(() => document.querySelectorAll('[role=slider] path').length > 40)
    await bar.focus()
    await page.keyboard.press('End')
    expect(await bar.getAttribute('aria-valuetext')).toMatch(/Down, down \d+ min$/)
    await page.keyboard.press('Home')
    // What was then is another thing at each hour of the week.
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(5, 10)
    expect(await bar.getAttribute('aria-valuetext')).toMatch(
      new RegExp(`^${yesterday} \\d\\d:\\d\\d–.*\\d\\d:\\d\\d (Up|Degraded|Down, down [0-9a-z. ]+|Not observed)$`),
    )
    expect(await bar.getAttribute('aria-valuenow')).toBe('0')
  })

  it('tells what happened while nobody looked', async () => {
    const { page } = await harness.open()
    await page.getByRole('heading', { name: 'Lately' }).waitFor()
    // Before the page's own scripts: leaving the page notes the present.
    await page.addInitScript(() => localStorage.setItem('belfry.lastSeenAt', String(Date.now() - 5 * 3_600_000)))
    await page.reload()
    await page.getByRole('heading', { name: 'While you were away' }).waitFor()
    await page.getByText('3 alerts fired, 1 resolved').waitFor()
    await page.getByText('down 2 times, 4 min 12 s, now up').waitFor()
    await page.getByText('38 checks not seen for 4 min').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Seen' }).click()
    await page.getByRole('heading', { name: 'Lately' }).waitFor()
    // The script would run in the pages of later tests too.
    await page.close()
  })

  it('takes the colour from what nobody measures any more, and says how old it is', async () => {
    const { page } = await harness.open()
    const tile = page.getByRole('listitem').filter({ hasText: 'Checkout API' }).first()
    await tile.getByText('ago').waitFor()
    expect(await tile.evaluate((element) => getComputedStyle(element).filter)).toBe('none')
    // Nothing arrives any more, though the connection is open.
    await page.evaluate(() => {
      const actual = Date.now
      window.sample.emit('metrics.advanced', { at: actual() })
      Date.now = () => actual() + 125_000
    })
    await tile.getByText('no news for 2 min').waitFor()
    expect(await tile.evaluate((element) => getComputedStyle(element).filter)).toBe('grayscale(1)')
    await page.close()
  })
})

describe('the welcome', () => {
  it('makes the first check: paste, see the real answer, add', async () => {
    const { page, problems } = await harness.open({ mode: 'welcome' })
    const box = page.getByRole('textbox', { name: 'URL, host or host:port' })
    await box.waitFor()
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.type('https://shop.example.com/health')
    await page.keyboard.press('Enter')
    await page.getByText('Answered 200 as expected.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Add check' }).click()
    await page.getByText('Watching shop.example.com every 1 min').waitFor()
    await page.waitForURL(/#\/checks\/check-new-0$/)
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('region', { name: 'Checks' }).getByRole('link', { name: 'shop.example.com' }).waitFor()
    expect(problems).toEqual([])
  })

  it('says beside the box what is wrong with a target', async () => {
    const { page } = await harness.open({ mode: 'welcome' })
    await page.getByRole('textbox', { name: 'URL, host or host:port' }).fill('not a target!')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('Expected something like https://example.com').waitFor()
    await page.getByRole('textbox', { name: 'URL, host or host:port' }).fill('x')
    await page.getByText('Expected something like https://example.com').waitFor({ state: 'detached' })
  })

  it('sends a test notification and shows the answer', async () => {
    const { page } = await harness.open({ mode: 'welcome' })
    await page.getByRole('button', { name: 'Send a test' }).first().click()
    await page.getByText('It was taken: shown by notify-send.').waitFor()
  })
})
