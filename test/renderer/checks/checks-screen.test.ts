import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

const at = '#/checks'
const rows = (page: Page) => page.getByRole('table', { name: 'Checks' }).locator('tbody tr[aria-rowindex]')

describe('the list of checks', () => {
  it('keeps a few rows of ten thousand on the page and asks for their histories only', async () => {
    const { page } = await harness.open({ at, checks: 10_000 })
    await rows(page).first().waitFor()
    expect(await rows(page).count()).toBeLessThan(60)
    await page.waitForFunction(() => window.sample.calls.some(({ name }) => name === 'checks.histories'))
    await page.getByRole('region', { name: 'Checks' }).evaluate((scroller) => scroller.scrollTo(0, 200_000))
    await page.waitForFunction(() => {
      const row = document.querySelector('tbody tr[aria-rowindex]')
      return Number(row?.getAttribute('aria-rowindex')) > 1000
    })
    await page.waitForFunction(() => window.sample.calls.filter(({ name }) => name === 'checks.histories').length >= 2)
    const asked = await page.evaluate(() =>
      window.sample.calls
        .filter(({ name }) => name === 'checks.histories')
        .map(({ input }) => (input as { ids: string[] }).ids.length),
    )
    expect(Math.max(...asked)).toBeLessThan(80)
  })

  it('filters by what is typed after /, by state, and by address', async () => {
    const { page } = await harness.open({ at: '#/checks?state=down' })
    await rows(page).first().waitFor()
    expect(await rows(page).count()).toBe(2)
    await page.keyboard.press('/')
    await page.keyboard.type('postgres')
    await page.waitForFunction(() => document.querySelectorAll('tbody tr[aria-rowindex]').length === 1)
    await page.waitForFunction(() => location.hash.includes('q=postgres'))
    await page.getByRole('button', { name: 'Clear', exact: true }).last().click()
    await page.waitForFunction(() => document.querySelectorAll('tbody tr[aria-rowindex]').length > 5)
    expect(await page.evaluate(() => location.hash)).toBe('#/checks')
  })

  it('moves with j and k and opens with Enter', async () => {
    const { page } = await harness.open({ at })
    await rows(page).first().waitFor()
    for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'Checkout API', level: 1 }).waitFor()
  })

  it('pauses many at once, and undoes it', async () => {
    const { page } = await harness.open({ at: '#/checks?state=down' })
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check({ force: true })
    await page.getByText('2 selected').waitFor()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('Paused 2 checks.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForFunction(
      () => window.sample.calls.filter(({ name }) => name === 'checks.setEnabled').length === 2,
    )
    const asked = await page.evaluate(() =>
      window.sample.calls.filter(({ name }) => name === 'checks.setEnabled').map(({ input }) => input),
    )
    expect(asked).toMatchObject([{ enabled: false }, { enabled: true }])
  })

  it('brings removed checks back under their own ids', async () => {
    const { page } = await harness.open({ at })
    await rows(page).first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Removed "Checkout API". The history is kept.').waitFor()
    await page.getByRole('link', { name: 'Checkout API', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Checkout API', exact: true }).waitFor()
  })

  it('says what could not be done and why', async () => {
    const { page } = await harness.open({ at })
    await rows(page).first().waitFor()
    await page.evaluate(() => window.sample.failing.add('checks.run'))
    await page.keyboard.press('j')
    await page.keyboard.press('r')
    await page.getByText('"Checkout API" could not be run: The storage worker does not answer.').waitFor()
  })

  it('says why it is empty, and what to do', async () => {
    const { page } = await harness.open({ at, mode: 'empty' })
    await page.getByText('Nothing is checked yet').waitFor()
    await page.getByRole('button', { name: 'Add the first check' }).click()
    await page.getByRole('heading', { name: 'New check' }).waitFor()
  })

  it('says the cause when it fails, and tries again', async () => {
    const { page } = await harness.open({ at, mode: 'failed' })
    await page.getByText('Checks could not be loaded').first().waitFor()
    await page.getByText('It is being restarted.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
  })

  it('keeps the last good list, greyed with its age, when the connection is lost', async () => {
    const { page } = await harness.open({ at, mode: 'lost' })
    await rows(page).first().waitFor()
    await page
      .getByText(/^\d+ s old$|^now old$/)
      .first()
      .waitFor()
    expect(await rows(page).count()).toBeGreaterThan(5)
  })

  it.each([
    ['dark', 1440, 900],
    ['light', 1024, 768],
  ] as const)('has no serious finding and fits, %s at %i x %i', async (theme, width, height) => {
    const { page, problems } = await harness.open({ at, theme, width, height })
    await rows(page).first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
    expect(problems).toEqual([])
  })
})
