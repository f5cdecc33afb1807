import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

const at = '#/checks/check-0001'

describe('the check page', () => {
  it('accounts for the whole range, state by state', async () => {
    const { page } = await harness.open({ at })
    const table = page.getByRole('table', { name: 'Time per state' })
    await table.waitFor()
    const heads = await table.getByRole('columnheader').allTextContents()
    expect(heads).toEqual(['Down', 'Degraded', 'Unknown', 'Up', 'Maintenance', 'Not observed', 'Window'])
    const shares = (await table.getByRole('cell').allTextContents()).map((text) => Number(/([\d.]+) %/.exec(text)?.[1]))
    const [sum, ...rest] = [shares.at(-1), ...shares.slice(0, -1)]
    expect(sum).toBe(100)
    expect(Math.abs(rest.reduce((total, share) => total + share, 0) - 100)).toBeLessThan(0.7)
  })

  it('reads the timeline with the arrow keys', async () => {
    const { page } = await harness.open({ at })
    const timeline = page.getByRole('slider', { name: 'State of Checkout API' })
    await timeline.focus()
    await page.keyboard.press('End')
    expect(await timeline.getAttribute('aria-valuetext')).toContain('Down from')
  })

  it('runs the check and shows the whole result', async () => {
    const { page } = await harness.open({ at: '#/checks/check-0000' })
    await page.getByRole('button', { name: 'Run now' }).click()
    const ran = page.getByRole('region', { name: 'Run by hand' })
    await ran.getByText('Answered 200 as expected.').waitFor()
    await ran.getByText('First byte').waitFor()
    await ran.getByText('HTTP/1.1 200 OK').waitFor()
  })

  it('shows the evidence of an attempt, its certificate included, as text', async () => {
    const { page } = await harness.open({ at: '#/checks/check-0000' })
    const attempts = page.getByRole('region', { name: 'Attempts' })
    await attempts.locator('summary').first().click()
    await attempts.getByText('content-type').waitFor()
    await attempts.getByText('Certificate', { exact: true }).click()
    await attempts.getByText("R11, Let's Encrypt").waitFor()
  })

  it('shows facts of a kind it need not know, as text', async () => {
    const { page } = await harness.open({ at: '#/checks/check-0008' })
    await page.getByRole('button', { name: 'Run now' }).click()
    const ran = page.getByRole('region', { name: 'Run by hand' })
    await ran.getByText('accepts writes').waitFor()
    await ran.getByText('primary <b>').waitFor()
  })

  it('follows the check as it changes', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('heading', { name: 'Checkout API', level: 1 }).waitFor()
    await page.evaluate(async () => {
      const check = await window.sample.answer('checks.get', { id: 'check-0001' })
      window.sample.emit('checks.changed', { ...check, reason: { code: 'ok', message: 'It came back.' } })
    })
    await page.getByText('It came back.').waitFor()
  })

  it('asks for what has just happened: up to the moment of asking', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('region', { name: 'Attempts' }).locator('summary').first().waitFor()
    const happenedAt = await page.evaluate(async () => {
      const check = await window.sample.answer('checks.get', { id: 'check-0001' })
      window.sample.calls.length = 0
      window.sample.emit('checks.changed', { ...check, state: 'maintenance' })
      return Date.now()
    })
    await page.waitForFunction(
      (instant) =>
        ['checks.results', 'checks.timeline'].every((wanted) =>
          window.sample.calls.some(
            ({ name, input }) => name === wanted && (input as { range: { to: number } }).range.to > instant - 100,
          ),
        ),
      happenedAt,
    )
  })

  it('says that a check is gone', async () => {
    const { page } = await harness.open({ at: '#/checks/nowhere' })
    await page.getByText('This check is gone').waitFor()
  })

  it.each([
    ['dark', 1440, 900],
    ['light', 1024, 768],
  ] as const)('has no serious finding and fits, %s at %i x %i', async (theme, width, height) => {
    const { page, problems } = await harness.open({ at, theme, width, height })
    await page.getByRole('table', { name: 'Time per state' }).waitFor()
    await page.getByRole('region', { name: 'Attempts' }).locator('summary').first().click()
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
    expect(problems).toEqual([])
  })
})
