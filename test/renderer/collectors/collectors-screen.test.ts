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

const at = '#/collectors'

describe('the list of collectors', () => {
  it('shows the worst first, each state by shape and word, with the reason', async () => {
    const { page } = await harness.open({ at })
    const rows = page.getByRole('table', { name: 'Collectors' }).getByRole('row')
    await rows.nth(1).waitFor()
    const texts = await rows.allTextContents()
    expect(texts[1]).toMatch(/^Failing.*Cache.*nothing listens there/)
    expect(texts[2]).toMatch(/^Up.*Shop database.*214/)
    expect(texts[3]).toMatch(/^Paused.*Old cache.*paused/)
    await page.getByRole('link', { name: 'Shop database' }).click()
    await page.getByRole('heading', { name: 'Shop database', level: 1 }).waitFor()
  })

  it('offers what answers on this machine where nothing is read yet, and reads it with one press', async () => {
    const { page } = await harness.open({ at, mode: 'welcome' })
    await page.getByText('No service is read yet').waitFor()
    await page.getByText('Redis on port 6379').waitFor()
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByRole('link', { name: 'Redis' }).waitFor()
    const calls = await page.evaluate(() => window.sample.calls.map(({ name }) => name))
    expect(calls.indexOf('collectors.try')).toBeLessThan(calls.indexOf('collectors.save'))
  })

  it.each(['dark', 'light'] as const)(
    'is readable in %s, without what assistive technology stumbles over',
    async (theme) => {
      const { page } = await harness.open({ at, theme })
      await page.getByRole('table', { name: 'Collectors' }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await expectNoOverflow(page)
    },
  )
})

describe('the page of a collector', () => {
  it('shows how it stands, its charts, and every newest value, which can be filtered', async () => {
    const { page } = await harness.open({ at: '#/collectors/shop-database' })
    await page.getByText('Everything was read.').waitFor()
    await page.getByText('15.14').waitFor()
    await page.getByText('redis_db_keys', { exact: true }).waitFor()
    await page.getByText('db=db0').waitFor()
    await page.getByText('1.00 MiB').waitFor()
    await page.getByRole('searchbox', { name: 'Filter metrics' }).fill('ping')
    await page.getByText('redis_db_keys', { exact: true }).waitFor({ state: 'hidden' })
    expect(await seriousFindings(page)).toEqual([])
  })

  it('says why one that fails has no values', async () => {
    const { page } = await harness.open({ at: '#/collectors/cache' })
    await page.getByText('The last run read nothing').waitFor()
    expect(await page.getByText('refused the connection: nothing listens there').count()).toBeGreaterThan(0)
  })

  it('pauses and removes with a way back', async () => {
    const { page } = await harness.open({ at: '#/collectors/cache' })
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('Paused "Cache".').waitFor()
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByText('Removed "Cache". The history is kept.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByRole('link', { name: 'Cache', exact: true }).waitFor()
  })
})

describe('the form of a collector', () => {
  it('tries what is written, shows what was read or why not, and saves', async () => {
    const { page } = await harness.open({ at: '#/collectors/new' })
    await page.getByRole('textbox', { name: /^Host/ }).fill('db.example.com')
    await page.getByRole('textbox', { name: /^Name/ }).fill('Orders')
    const password = page.getByLabel(/^Password/).first()
    await password.fill('wrong')
    await page.getByRole('button', { name: /Try it now/ }).click()
    await page.getByText('does not take this user name and password').waitFor()
    await password.fill('right')
    await page.getByRole('button', { name: /Try it now/ }).click()
    await page.getByText('5 samples in 12.4 ms').waitFor()
    await page.getByText('redis_memory_used_bytes').waitFor()
    await page.getByRole('button', { name: 'Show the change' }).click()
    await page.getByText('What Save writes').waitFor()
    await page.getByRole('button', { name: 'Add collector' }).click()
    await page.getByText('"Orders" is read from now on.').waitFor()
    const saved = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'collectors.save')?.input)
    expect(saved).toMatchObject({ id: null, draft: { name: 'Orders', config: { host: 'db.example.com' } } })
  })

  it('says beside a field what is wrong with it, and asks nothing', async () => {
    const { page } = await harness.open({ at: '#/collectors/cache/edit' })
    await page.getByRole('textbox', { name: /^Name/ }).fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Expected a name of 1 to 120 characters.').waitFor()
    expect(await page.evaluate(() => window.sample.calls.some(({ name }) => name === 'collectors.save'))).toBe(false)
  })
})
