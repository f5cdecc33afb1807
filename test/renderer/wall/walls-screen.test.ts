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

describe('the editor of walls', () => {
  it('shows the wall as it is being typed, and saves it with the way back', async () => {
    const { page, problems } = await harness.open({ at: '#/walls' })
    const title = page.getByRole('textbox', { name: 'Title' }).first()
    await title.fill('Front desk')
    await page.locator('figure').getByText('Front desk', { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Read from' }).fill('20')
    await page.getByText('From 20 m nothing readable fits on 55 inches', { exact: false }).waitFor()
    await page.getByRole('textbox', { name: 'Read from' }).fill('3')
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Front desk' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Shop and platform' }).waitFor()
    expect(problems).toEqual([])
  })

  it('says beside the field what is wrong, and saves nothing', async () => {
    const { page } = await harness.open({ at: '#/walls/lobby' })
    await page.getByRole('textbox', { name: 'Address' }).fill('The Lobby')
    await page.getByText('expected lower case letters', { exact: false }).waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  })

  it('adds, moves and removes pages, and brings one back', async () => {
    const { page } = await harness.open({ at: '#/walls/desk' })
    const kinds = page.getByRole('button', { name: /Shows$/ })
    await kinds.first().waitFor()
    await page.getByRole('button', { name: 'Add a page' }).click()
    await page.getByRole('button', { name: 'Move page 3 up' }).click()
    await page.getByRole('button', { name: 'Remove page 1' }).click()
    expect(await kinds.count()).toBe(2)
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await kinds.count()).toBe(3)
  })

  it('removes a wall, and brings it back', async () => {
    const { page } = await harness.open({ at: '#/walls' })
    await page.getByRole('button', { name: 'Remove Desk' }).click()
    await page.getByRole('link', { name: 'Desk' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Desk' }).waitFor()
  })

  it('makes a link, and shows a wall on a display', async () => {
    const { page } = await harness.open({ at: '#/walls' })
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = page.getByRole('textbox', { name: 'The link, told this once' })
    expect(await link.inputValue()).toMatch(/\/wall\/lobby\/open\?key=/)
    await page.getByRole('button', { name: 'Show here' }).click()
    await page.getByText('Built-in display, 2560 × 1600, shows this wall').waitFor()
  })

  it('begins with the first wall where there is none', async () => {
    const { page } = await harness.open({ at: '#/walls', mode: 'empty' })
    await page.getByText('No wall yet').waitFor()
    await page.getByRole('button', { name: 'New wall' }).last().click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Wall', exact: false }).filter({ hasText: '3 pages' }).waitFor()
  })

  it('says what failed', async () => {
    const { page } = await harness.open({ at: '#/walls', mode: 'failed' })
    await page.getByText('Walls could not be loaded').waitFor()
  })
})

describe('a wall', () => {
  it('keeps what it knew and says so when the connection breaks', async () => {
    const { page } = await harness.open({ at: '#/wall/lobby', width: 1920, height: 1080 })
    await page.getByText('Checkout API', { exact: true }).first().waitFor()
    await page.evaluate(() => window.sample.transport.setState('connecting'))
    await page.getByText(/Belfry cannot be reached for/).waitFor()
    expect(await page.getByText('Checkout API', { exact: true }).first().isVisible()).toBe(true)
    await page.evaluate(() => window.sample.transport.setState('open'))
    await page.getByText(/updated/).waitFor()
  })

  it('says why it cannot be shown', async () => {
    const { page } = await harness.open({ at: '#/wall/attic' })
    await page.getByText('There is no wall named "attic".').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Walls' }).waitFor()
  })

  it('tells a stranger how to be let in', async () => {
    const { page } = await harness.open({ at: '#/wall/lobby', mode: 'unauthenticated' })
    await page.getByText('This screen has not been let in').waitFor()
  })

  it.each([
    ['dark', 'lobby', 5],
    ['light', 'desk', 2],
  ] as const)('can be read by everybody in the %s, page by page', async (_, name, pages) => {
    const { page } = await harness.open({ at: `#/wall/${name}`, width: 1920, height: 1080 })
    await page.getByText(/updated/).waitFor()
    for (let turn = 0; turn < pages; turn++) {
      expect(await seriousFindings(page)).toEqual([])
      await page.keyboard.press('ArrowRight')
    }
  })
})
