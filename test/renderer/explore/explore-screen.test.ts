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

const field = (page: Page, letter = 'A') => page.getByRole('textbox', { name: `Expression ${letter}` })
const values = (page: Page) => page.getByRole('table', { name: 'Values' })
const asked = (text: string) => `#/explore?a=${encodeURIComponent(text)}`

describe('the editor of expressions', () => {
  it('completes metrics with what they mean, then their labels and values, under the policy of the page', async () => {
    const { page, problems } = await harness.open({ at: '#/explore' })
    await field(page).pressSequentially('node_load')
    const list = page.getByRole('listbox', { name: 'Completions' })
    await list.getByRole('option', { name: /^node_load15/ }).waitFor()
    await page.getByText('1m load average.').waitFor()
    await field(page).press('Control+a')
    await field(page).pressSequentially('node_cpu_seconds_total{mo')
    await list.getByRole('option', { name: 'mode' }).click()
    await field(page).pressSequentially('="us')
    await list.getByRole('option', { name: 'user' }).click()
    expect(await field(page).textContent()).toBe('node_cpu_seconds_total{mode="user"}')
    expect(problems).toEqual([])
  })

  it('underlines what is wrong and says it below, with line and column', async () => {
    const { page } = await harness.open({ at: '#/explore' })
    await field(page).pressSequentially('sum(rate(node_load1')
    await page.getByText('1:10').waitFor()
    expect(await page.locator('.cm-lintRange-error').first().textContent()).toBe('node_load1')
    expect(await field(page).getAttribute('aria-invalid')).toBe('true')
    await field(page).press('Control+a')
    await field(page).pressSequentially('node_load1')
    await page.getByText('1:10').waitFor({ state: 'detached' })
    expect(await field(page).getAttribute('aria-invalid')).toBe('false')
  })

  it('lets the keyboard out, with and without an open list', async () => {
    const { page } = await harness.open({ at: '#/explore' })
    await field(page).pressSequentially('node_load')
    await page.getByRole('listbox', { name: 'Completions' }).waitFor()
    await field(page).press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Ask')
  })

  it('keeps letters that are keys elsewhere, and what is pasted into it', async () => {
    const { page } = await harness.open({ at: '#/explore' })
    await field(page).pressSequentially('gc?p')
    await field(page).press('Escape')
    expect(await field(page).textContent()).toBe('gc?p')
    expect(page.url()).toContain('#/explore')
    await page.getByRole('button', { name: /^Live/ }).waitFor()
    await field(page).evaluate((editor) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'now-24h to now')
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true }))
    })
    expect(await field(page).textContent()).toContain('now-24h to now')
    expect(await page.getByRole('button', { name: 'Last 15 minutes' }).isVisible()).toBe(true)
  })
})

describe('exploring', () => {
  it('asks on Ctrl-Enter, draws the lines, lists the values and keeps the expression in the address', async () => {
    const { page } = await harness.open({ at: '#/explore' })
    await field(page).pressSequentially('sum by (mode) (rate(node_cpu_seconds_total[5m]')
    await field(page).press('Escape')
    await field(page).press('Control+Enter')
    await page.getByRole('figure', { name: 'Over time' }).getByText('system').waitFor()
    expect(await values(page).getByRole('columnheader').allTextContents()).toEqual(['mode', 'Value'])
    expect(new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('a')).toBe(
      'sum by (mode) (rate(node_cpu_seconds_total[5m]))',
    )
    await page.reload()
    await values(page).getByText('iowait').waitFor()
  })

  it('says what it took and at which resolution', async () => {
    const { page } = await harness.open({ at: asked('node_load1') })
    await page.getByText(/each point 2 s from raw samples · .+ samples in/).waitFor()
  })

  it('sorts values as numbers', async () => {
    const { page } = await harness.open({ at: asked('node_filesystem_size_bytes') })
    await values(page).getByRole('button', { name: 'Value' }).click()
    expect(await values(page).getByRole('row').nth(1).textContent()).toContain('/home')
    await values(page).getByRole('button', { name: 'Value' }).click()
    expect(await values(page).getByRole('row').nth(1).textContent()).toContain('/boot/efi')
  })

  it('says what is wrong with one expression and answers the others', async () => {
    const { page } = await harness.open({ at: `${asked('node_load1')}&b=${encodeURIComponent('rate(node_load1)')}` })
    await page.getByRole('alert').getByText('1:6').waitFor()
    await page.getByText('The other expressions are answered below.').waitFor()
    await page.getByRole('figure', { name: 'Over time' }).getByText('A node_load1').waitFor()
  })

  it('remembers what was asked and takes it up again', async () => {
    const { page } = await harness.open({ at: '#/explore' })
    await field(page).pressSequentially('node_load5')
    await field(page).press('Escape')
    await field(page).press('Control+Enter')
    await page.getByRole('button', { name: 'Add an expression' }).click()
    await page.getByRole('button', { name: 'Asked before' }).click()
    await page.getByRole('menuitem', { name: 'node_load5' }).click()
    expect(await field(page, 'B').textContent()).toBe('node_load5')
  })

  it('takes the range of a link once', async () => {
    const { page } = await harness.open({ at: `${asked('node_load1')}&range=now-6h%20to%20now` })
    await page.getByRole('button', { name: 'Last 6 hours' }).waitFor()
    expect(page.url()).not.toContain('range=')
  })

  it('says that nothing matches, and that it cannot be reached', async () => {
    const { page } = await harness.open({ at: asked('no_such_metric') })
    await page.getByText('No series matches in this range').waitFor()
    await page.evaluate(() => window.sample.failing.add('query.range'))
    await page.goto(page.url().replace('no_such_metric', 'node_load1'))
    await page.getByText('The answer could not be loaded').waitFor()
  })

  it('is usable for everybody, in both themes', async () => {
    for (const theme of ['dark', 'light'] as const) {
      const { page } = await harness.open({ at: asked('rate(node_load1)'), theme })
      await page.getByRole('alert').waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await expectNoOverflow(page)
    }
  })
})
