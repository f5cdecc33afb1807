import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

async function choose(page: Page, kind: string) {
  await page.getByRole('button', { name: /Kind/ }).click()
  await page.getByRole('option', { name: kind }).click()
}

const savedConfig = (page: Page) =>
  page.evaluate(() => {
    const input = window.sample.calls.findLast(({ name }) => name === 'checks.save')?.input
    return (input as { draft: { config: { steps?: unknown; id?: string } } } | undefined)?.draft.config
  })

describe('a list of steps', () => {
  it('is added to, moved and removed from by keyboard alone, and what was typed goes along', async () => {
    const { page } = await harness.open({ at: '#/checks/new' })
    await choose(page, 'Browser journey')
    await page.getByRole('textbox', { name: /^Begins at/ }).fill('https://shop.example/')
    const add = page.getByRole('button', { name: 'Add to Steps' })
    for (const [action, field, text] of [
      ['Click', /^Element/, 'text=First'],
      ['Expect an address', /^Address contains/, '/second'],
      ['Take a picture', /^Step/, 'Third'],
    ] as const) {
      await add.press('Enter')
      const card = page
        .getByRole('listitem')
        .filter({ has: page.getByRole('button', { name: /^Move step/ }) })
        .last()
      await card.getByRole('button', { name: /What step/ }).click()
      await page.getByRole('option', { name: action }).click()
      await card.getByRole('textbox', { name: field }).fill(text)
    }
    const second = page.getByRole('textbox', { name: /^Address contains/ })
    await second.press('Alt+ArrowUp')
    expect(await second.inputValue()).toBe('/second')
    await page.getByRole('button', { name: 'Remove step 2' }).press('Enter')
    await expectNoOverflow(page)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('textbox', { name: /^Name/ }).fill('Shop')
    await page.getByRole('button', { name: 'Add check' }).click()
    await page.getByRole('heading', { name: 'Shop', level: 1 }).waitFor()
    expect((await savedConfig(page))?.steps).toEqual([
      { action: 'expectUrl', name: '', text: '/second' },
      { action: 'screenshot', name: 'Third' },
    ])
  })

  it('is filled from a recording, which says what it left out, or why it is none', async () => {
    const { page } = await harness.open({ at: '#/checks/new' })
    await choose(page, 'Browser journey')
    await page.getByText('Import a recording').click()
    const recording = page.getByRole('textbox', { name: /Recorder/ })
    await recording.fill('nonsense')
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('This is no recording').waitFor()
    await recording.fill('{"steps": []}')
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('step 3, hover: there is no such step here').waitFor()
    expect(await page.getByRole('textbox', { name: /^Begins at/ }).inputValue()).toBe('https://recorded.example/')
    expect(await page.getByRole('textbox', { name: /^Element/ }).inputValue()).toBe('text=Recorded')
  })
})

describe('a heartbeat', () => {
  it('gets an id of its own, and lines to paste', async () => {
    const { page } = await harness.open({ at: '#/checks/new' })
    await choose(page, 'Heartbeat')
    const id = await page.getByRole('textbox', { name: /^Ping id/ }).inputValue()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    await page.getByText(`http://127.0.0.1:4680/ping/${id}`, { exact: true }).waitFor()
    await page.getByText(`/ping/${id}/start`).first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })
})
