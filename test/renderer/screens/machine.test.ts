import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'

// A browser on a busy machine takes its time; every wait ends with what it waits for.
vi.setConfig({ testTimeout: 60_000 })

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

const at = '#/machine'
const cpu = (page: Page) => page.getByRole('figure', { name: 'CPU' })
const memory = (page: Page) => page.getByRole('figure', { name: 'Memory' })

describe('this machine', () => {
  it('reads all charts at the instant under the pointer, and holds them meanwhile', async () => {
    const { page } = await harness.open({ at })
    await cpu(page).getByRole('img', { name: /^CPU/ }).hover()
    const instant = await cpu(page).getByRole('time').textContent()
    expect(instant).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(await memory(page).getByRole('time').textContent()).toBe(instant)
    await page.getByRole('button', { name: /^Held/ }).waitFor()
    await page.mouse.move(5, 5)
    await cpu(page).getByRole('time').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Live/ }).waitFor()
  })

  it('zooms all charts where one is brushed, and back', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('button', { name: 'Last 15 minutes' }).waitFor()
    const chart = cpu(page).getByRole('img', { name: /^CPU/ })
    await chart.waitFor()
    const box = await chart.boundingBox()
    if (!box) throw new Error('the chart has no place on the page')
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    await page.getByRole('button', { name: 'Back to the range before' }).waitFor()
    await page.waitForFunction(() => {
      const asked = window.sample.calls.findLast(({ name }) => name === 'metrics.query')
      // A fifth of the chart's width, which is a little more than a fifth of 15 minutes.
      const [from, to] =
        JSON.stringify(asked?.input ?? {})
          .match(/\d{13}/g)
          ?.map(Number) ?? []
      return from !== undefined && to !== undefined && to - from > 150_000 && to - from < 300_000
    })
    await page.getByRole('button', { name: 'Back to the range before' }).click()
    await page.getByRole('button', { name: 'Last 15 minutes' }).waitFor()
  })

  it('takes typed ranges and says what it expected of others', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('button', { name: 'Last 15 minutes' }).click()
    const field = page.getByRole('textbox', { name: 'Range' })
    await field.fill('since lunch')
    await field.press('Enter')
    await page.getByText('Expected a start before an end').waitFor()
    await field.fill('now-30d')
    await field.press('Enter')
    await page.getByRole('button', { name: 'Last 30 days' }).waitFor()
    await page.getByText('averaged over 2 h').first().waitFor()
  })

  it('takes a pasted range', async () => {
    const { page } = await harness.open({ at })
    await cpu(page).waitFor()
    await page.evaluate(() => {
      const data = new DataTransfer()
      data.setData('text', 'now-24h to now')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    })
    await page.getByRole('button', { name: 'Last 24 hours' }).waitFor()
  })

  it('shows any chart as a table of the same numbers', async () => {
    const { page } = await harness.open({ at })
    await cpu(page).getByRole('button', { name: 'Show as table' }).click()
    const table = cpu(page).getByRole('table')
    await table.waitFor()
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      'Time',
      'User',
      'System',
      'Waiting for disk',
    ])
    expect(await table.getByRole('row').nth(1).textContent()).toMatch(/%/)
    await cpu(page).getByRole('button', { name: 'Show as chart' }).click()
    await cpu(page).getByRole('img', { name: /^CPU/ }).waitFor()
  })

  it('stands still while paused', async () => {
    const { page } = await harness.open({ at })
    await cpu(page).waitFor()
    await page.keyboard.press('p')
    await page.getByRole('button', { name: /^Paused at/ }).waitFor()
    await page.evaluate(async () => {
      window.sample.calls.length = 0
      // Two announcements of new samples pass without a question.
      for (let told = 0; told < 2; told++) await new Promise((resolve) => void requestAnimationFrame(resolve))
      window.sample.emit('metrics.advanced', { at: Date.now() })
      await new Promise((resolve) => void requestAnimationFrame(resolve))
    })
    const asked = await page.evaluate(() => window.sample.calls.map(({ name }) => name))
    expect(asked).not.toContain('metrics.query')
    await page.keyboard.press('p')
    await page.waitForFunction(() => window.sample.calls.some(({ name }) => name === 'metrics.query'))
  })

  it('keeps the last good numbers when a later question fails, greyed and with their age', async () => {
    const { page } = await harness.open({ at })
    await cpu(page).getByText(/%$/).first().waitFor()
    await page.evaluate(() => window.sample.failing.add('metrics.query'))
    const panel = page.getByRole('region', { name: 'CPU' })
    await panel.getByText(/^(now|\d+ s) old$/).waitFor()
    expect(await cpu(page).getByText(/%$/).first().isVisible()).toBe(true)
    await page.evaluate(() => window.sample.failing.clear())
    await panel.getByText(/^(now|\d+ s) old$/).waitFor({ state: 'detached' })
  })

  it('asks for what is in sight only', async () => {
    const { page } = await harness.open({ at, height: 500 })
    await cpu(page).waitFor()
    const asked = () =>
      page.evaluate(() => JSON.stringify(window.sample.calls.filter(({ name }) => name === 'metrics.query')))
    await page.waitForFunction(() => window.sample.calls.some(({ name }) => name === 'metrics.query'))
    expect(await asked()).toContain('node_cpu_seconds_total')
    expect(await asked()).not.toContain('node_hwmon_temp_celsius')
    await page.getByRole('heading', { name: 'Temperatures' }).scrollIntoViewIfNeeded()
    await page.waitForFunction(() => JSON.stringify(window.sample.calls).includes('node_hwmon_temp_celsius'))
  })

  it('says why nothing is there', async () => {
    const { page } = await harness.open({ at, mode: 'empty' })
    await page.getByText('Belfry was not running then').first().waitFor()
  })

  it('names parts that could not be read and sorts processes by any column', async () => {
    const { page } = await harness.open({ at })
    await page.getByText('/mnt/nas did not answer within 2 s.').waitFor()
    const table = page.getByRole('table', { name: 'Processes' })
    await table.waitFor()
    await table.getByRole('button', { name: 'Memory' }).click()
    expect(await table.getByRole('row').nth(1).textContent()).toContain('firefox')
    expect(await table.getByRole('columnheader', { name: 'Memory' }).getAttribute('aria-sort')).toBe('descending')
  })
})
