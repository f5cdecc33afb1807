import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'

// A browser on a busy machine takes its time; every wait ends with what it waits for.
vi.setConfig({ testTimeout: 60_000 })

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

it.each([
  ['Save as a page with its data (HTML)', 'shop.html', '<!doctype html>'],
  ['Save as PDF', 'shop.pdf', '%PDF-'],
])('%s gives a file over the range and the variables of the screen', async (entry, name, beginning) => {
  const { page } = await harness.open({ at: '#/dashboards/shop' })
  await page.getByRole('heading', { name: 'Shop', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Menu of the dashboard' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: entry }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe(name)
  expect((await readFile(await download.path(), 'utf8')).startsWith(beginning)).toBe(true)
  const asked = await page.evaluate(() => window.sample.calls.filter((call) => call.name === 'dashboards.export'))
  expect(asked).toMatchObject([{ input: { uid: 'shop', range: { from: expect.any(Number), to: expect.any(Number) } } }])
})
