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

const at = '#/targets'

describe('targets', () => {
  it('show what is wrong first, with its error in full', async () => {
    const { page } = await harness.open({ at })
    const node = page.getByRole('table', { name: 'Targets of node' })
    await node.waitFor()
    const rows = await node.getByRole('row').allTextContents()
    expect(rows[1]).toContain('Down')
    expect(rows[1]).toContain('http://db-2:9100/metrics')
    expect(rows[1]).toContain('nothing listens there (ECONNREFUSED)')
    await page.getByText('Not looked at: this machine had no network of its own at that time.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
  })

  it('name each line of prometheus.yml that is not used', async () => {
    const { page } = await harness.open({ at })
    await page.getByText('line 44').waitFor()
    await page.getByText(/"kubernetes_sd_configs" in a job has no effect/).waitFor()
  })

  it('are filtered by words and by state', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('searchbox', { name: 'Filter targets' }).fill('web-')
    await page.getByText('http://db-1:9100/metrics').waitFor({ state: 'detached' })
    expect(await page.getByText(/^http:\/\/web-\d:9100/).count()).toBe(2)
    await page.getByRole('button', { name: /^Down/ }).click()
    await page.getByText('No target matches').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByText('http://db-1:9100/metrics').waitFor()
  })

  it('show their labels before and after relabelling', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('button', { name: 'Details of http://db-1:9100/metrics' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('As discovered, before relabelling').waitFor()
    await drawer.getByText('__address__').waitFor()
    await drawer.getByRole('button', { name: 'Scrape now' }).click()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
  })

  it('are added by an address that was tried', async () => {
    const { page } = await harness.open({ at: '#/targets/new' })
    const dialog = page.getByRole('dialog', { name: 'Add target' })
    await dialog.getByRole('textbox', { name: 'Address' }).fill('nobody:9100')
    await dialog.getByRole('button', { name: 'Try it' }).click()
    await dialog.getByText('http://nobody:9100/metrics: nothing listens there (ECONNREFUSED)').waitFor()
    await dialog.getByRole('textbox', { name: 'Address' }).fill('db-9:9100')
    await dialog.getByRole('button', { name: 'Try it' }).click()
    await dialog.getByText(/812 samples of 264 metrics/).waitFor()
    expect(await dialog.getByRole('textbox', { name: 'Job' }).inputValue()).toBe('node')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('textbox', { name: 'Job' }).fill('added')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('table', { name: 'Targets of added' }).getByText('http://db-9:9100/metrics').waitFor()
  })

  it('say how to begin where there is none', async () => {
    const { page } = await harness.open({ at, mode: 'welcome' })
    await page.getByText('Nothing is scraped yet').waitFor()
    await page.getByText('prometheus: /etc/prometheus/prometheus.yml').waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })
})
