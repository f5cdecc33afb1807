import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

const at = '#/checks/new'

describe('the check form', () => {
  it('fills itself in from a pasted address, tries it, and saves what was tried', async () => {
    const { page } = await harness.open({ at })
    const paste = page.getByRole('textbox', { name: /Paste a URL/ })
    await paste.fill('https://new.example.com/health')
    await paste.press('Enter')
    await page.waitForFunction(() =>
      [...document.querySelectorAll('input')].some(({ value }) => value === 'new.example.com'),
    )
    await page.getByRole('button', { name: /Try it now/ }).click()
    await page.getByText('Answered 200 as expected.').waitFor()
    await page.getByText('Expectations').waitFor()
    await page.getByRole('button', { name: 'Add check' }).click()
    await page.getByRole('heading', { name: 'new.example.com', level: 1 }).waitFor()
    await page.getByText('"new.example.com" is checked from now on.').waitFor()
    const saved = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'checks.save')?.input)
    expect(saved).toMatchObject({
      id: null,
      draft: { kind: 'http', config: { url: 'https://new.example.com/health' } },
    })
  })

  it('says beside the pasted text why it cannot be guessed from', async () => {
    const { page } = await harness.open({ at })
    const paste = page.getByRole('textbox', { name: /Paste a URL/ })
    await paste.fill('not an address!')
    await paste.press('Enter')
    await page.getByText('is no URL and no host:port').waitFor()
    expect(await paste.getAttribute('aria-invalid')).toBe('true')
  })

  it('keeps what cannot be read in its field, says what it expected, and asks nothing', async () => {
    const { page } = await harness.open({ at: '#/checks/check-0000/edit' })
    const interval = page.getByRole('textbox', { name: 'Interval' })
    await interval.fill('soon')
    await page.getByText('Expected a duration such as 30 s, 5 min or 1 h, got "soon".').waitFor()
    await page.getByRole('textbox', { name: /^Name/ }).fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('2 fields need another value.').waitFor()
    await page.getByText('Expected a name of 1 to 120 characters.').waitFor()
    expect(await interval.inputValue()).toBe('soon')
    expect(await page.evaluate(() => window.sample.calls.some(({ name }) => name === 'checks.save'))).toBe(false)
  })

  it('unfolds more options where one of them is wrong, and puts the focus there', async () => {
    const { page } = await harness.open({ at: '#/checks/check-0000/edit', height: 500 })
    await page
      .getByRole('button', { name: /More options/ })
      .first()
      .click()
    const common = page.getByRole('button', { name: /More options/ }).last()
    await common.click()
    await page.getByRole('textbox', { name: 'Down after failures' }).fill('99')
    await common.click()
    await page.getByRole('textbox', { name: 'Down after failures' }).waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('textbox', { name: 'Down after failures' }).waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true')
    const rail = await page.getByRole('navigation', { name: 'Sections' }).boundingBox()
    expect(rail?.y).toBe(0)
  })

  it('keeps a kind’s options while another kind is looked at', async () => {
    const { page } = await harness.open({ at })
    const url = page.getByRole('textbox', { name: /^URL/ })
    await url.fill('https://kept.example.com')
    const choose = async (kind: string) => {
      await page.getByRole('button', { name: /Kind/ }).click()
      await page.getByRole('option', { name: kind, exact: true }).click()
    }
    await choose('TCP connect')
    await page.getByRole('textbox', { name: /^Host/ }).waitFor()
    await choose('HTTP')
    expect(await url.inputValue()).toBe('https://kept.example.com')
  })

  it('asks before unsaved changes are left, and goes where it was asked to', async () => {
    const { page } = await harness.open({ at })
    await page.getByRole('textbox', { name: /^URL/ }).fill('https://half.example.com')
    await page.getByRole('link', { name: 'Alerts' }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await page.getByRole('button', { name: 'Stay' }).click()
    expect(await page.getByRole('textbox', { name: /^URL/ }).inputValue()).toBe('https://half.example.com')
    await page.getByRole('link', { name: 'Alerts' }).click()
    await page.getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor()
  })

  it('undoes a saved change', async () => {
    const { page } = await harness.open({ at: '#/checks/check-0000/edit' })
    await page.getByRole('textbox', { name: /^Name/ }).fill('Renamed')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Renamed', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: 'Shop front', level: 1 }).waitFor()
  })

  it('never shows a stored secret: it is kept, or replaced, or kept after all', async () => {
    const { page } = await harness.open()
    await page.waitForFunction(() => window.sample !== undefined)
    const id = await page.evaluate(async () => {
      const checks = await window.sample.answer('checks.list', {})
      return checks.find(({ name, kind }) => name === 'Login' && kind === 'http')?.id
    })
    await page.goto(page.url().replace(/#.*$|$/, `#/checks/${id}/edit`))
    await page
      .getByRole('button', { name: /More options/ })
      .first()
      .click()
    await page.getByText('Stored. It is never shown again.').waitFor()
    await page.getByRole('button', { name: 'Replace Token' }).click()
    expect(await page.getByLabel(/^Token/).getAttribute('type')).toBe('password')
    await page.getByRole('button', { name: 'Keep the stored one' }).click()
    await page.getByRole('textbox', { name: /^Name/ }).fill('Login page')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Login page', level: 1 }).waitFor()
    const saved = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'checks.save')?.input)
    expect(saved).toMatchObject({ draft: { config: { auth: { type: 'bearer', token: '••••••••' } } } })
  })

  it.each([
    ['dark', 1440, 900],
    ['light', 1024, 768],
  ] as const)('has no serious finding and fits, %s at %i x %i', async (theme, width, height) => {
    const { page, problems } = await harness.open({ at, theme, width, height })
    await page
      .getByRole('button', { name: /More options/ })
      .first()
      .click()
    await page
      .getByRole('button', { name: /More options/ })
      .last()
      .click()
    for (const list of ['Headers', 'Body contains', 'JSON']) {
      await page.getByRole('button', { name: `Add to ${list}` }).click()
    }
    expect(await seriousFindings(page)).toEqual([])
    await expectNoOverflow(page)
    expect(problems).toEqual([])
  })
})
