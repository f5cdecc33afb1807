import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

describe('the settings', () => {
  it('save a change at once, show it, and undo it', async () => {
    const { page } = await harness.open({ at: '#/settings' })
    await page.getByText('Light', { exact: true }).click()
    await page.getByText('Theme saved.').waitFor()
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark')
  })

  it('save a number when Enter is pressed, and say what they expected of what is none', async () => {
    const { page } = await harness.open({ at: '#/settings/storage' })
    const raw = page.getByRole('textbox', { name: 'Keep raw samples' })
    await raw.fill('a month')
    await raw.press('Enter')
    await page.getByText('Expected a whole number, got "a month".').waitFor()
    await raw.fill('30')
    await raw.press('Enter')
    await page.getByText('Keep raw samples saved.').waitFor()
    const asked = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'settings.save')?.input)
    expect(asked).toEqual({ patch: { storage: { rawDays: 30 } } })
  })

  it('are found by a word, across sections', async () => {
    const { page } = await harness.open({ at: '#/settings' })
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('retention')
    await page.getByText('Keep 1 h summaries').waitFor()
    expect(await page.getByText('Density').count()).toBe(0)
    await page.keyboard.type(' nonsense')
    await page.getByText('No setting matches').waitFor()
  })

  it('show what a channel really answered to a test', async () => {
    const { page } = await harness.open({ at: '#/settings/notifications' })
    await page.getByRole('button', { name: 'Send a test' }).first().click()
    await page.getByText('Delivered', { exact: true }).waitFor()
    await page.getByText('shown by notify-send (24.0 ms)').waitFor()
  })

  it('say what a channel lacks', async () => {
    const { page } = await harness.open({ at: '#/settings/notifications', mode: 'notices' })
    await page.getByText('notify-send is not installed.').waitFor()
  })

  it('show the secret of a new token once', async () => {
    const { page } = await harness.open({ at: '#/settings/security' })
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByRole('textbox', { name: /^Name/ }).fill('grafana')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByText('This is shown once.').waitFor()
    const secret = await page.locator('[role=dialog] code').textContent()
    await page.getByRole('button', { name: 'I have stored it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(secret).toBeTruthy()
    expect(await page.content()).not.toContain(secret)
  })

  it('ask before a token is revoked, for there is no way back', async () => {
    const { page } = await harness.open({ at: '#/settings/security' })
    await page
      .getByRole('button', { name: /^Revoke/ })
      .first()
      .click()
    await page.getByText('This cannot be undone.').waitFor()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText(/has no access any more/).waitFor()
  })

  it.each([
    ['appearance', 'dark', 1440],
    ['notifications', 'light', 1024],
    ['collection', 'dark', 1024],
    ['storage', 'light', 1440],
    ['console', 'dark', 1024],
    ['security', 'light', 1024],
    ['about', 'dark', 1440],
  ] as const)('%s has no serious finding and fits, %s at %i', async (section, theme, width) => {
    const { page, problems } = await harness.open({ at: `#/settings/${section}`, theme, width, height: 768 })
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
    expect(problems).toEqual([])
  })
})
