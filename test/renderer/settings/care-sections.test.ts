import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'
import { expectNoOverflow, seriousFindings } from '../screens/screen-checks.ts'

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
}, 60_000)
afterAll(() => harness.close())

describe('backups in Settings', () => {
  it('are taken on demand, with their course and a way to stop it', async () => {
    const { page } = await harness.open({ at: '#/settings/backup' })
    await page.getByRole('button', { name: 'Back up now' }).click()
    await page.getByRole('progressbar', { name: 'Taking a backup' }).waitFor()
    expect(await page.getByRole('button', { name: 'Back up now' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
  })

  it('are restored after saying what would be missing, and the wish can be taken back', async () => {
    const { page } = await harness.open({ at: '#/settings/backup' })
    await page.getByRole('button', { name: 'Restore' }).first().click()
    await page.getByRole('cell', { name: '38' }).waitFor()
    await page.getByText('Also restore belfry.yaml, conf.d and rules').click()
    await page.getByRole('button', { name: 'Restore at the next start' }).click()
    await page.getByText(/The next start restores the backup of .*, with its configuration/).waitFor()
    const asked = await page.evaluate(() => window.sample.calls.find(({ name }) => name === 'backup.restore')?.input)
    expect(asked).toEqual({ id: 'backup-0', withConfiguration: true })
    await page.getByRole('button', { name: 'Restart now' }).waitFor()
    await page.getByRole('button', { name: 'Do not restore' }).click()
    await page.getByRole('button', { name: 'Restart now' }).waitFor({ state: 'detached' })
  })

  it('cannot be restored when they are damaged, and say what is', async () => {
    const { page } = await harness.open({ at: '#/settings/backup' })
    const row = page.getByRole('row').filter({ hasText: 'damaged' })
    await row.getByText('its content has changed since').waitFor()
    expect(await row.getByRole('button', { name: 'Restore' }).isDisabled()).toBe(true)
  })

  it('are deleted only after asking', async () => {
    const { page } = await harness.open({ at: '#/settings/backup' })
    await page.getByRole('button', { name: 'Delete' }).first().click()
    await page.getByText('It cannot be brought back.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('The backup was deleted.').waitFor()
  })

  it('say when the first is due while there is none', async () => {
    const { page } = await harness.open({ at: '#/settings/backup', mode: 'empty' })
    await page.getByText('No backup yet').waitFor()
    await page.getByText(/^The next is due at /).waitFor()
  })
})

describe('the audit log in Settings', () => {
  it('is filtered, and says when nothing fits', async () => {
    const { page } = await harness.open({ at: '#/settings/audit' })
    await page.getByRole('textbox', { name: 'Did' }).fill('token.')
    await page.getByRole('cell', { name: 'session.opened' }).waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: 'token.created' }).waitFor()
    await page.getByRole('textbox', { name: 'Did' }).fill('nonsense')
    await page.getByText('Nothing fits').waitFor()
  })

  it('proves its chain', async () => {
    const { page } = await harness.open({ at: '#/settings/audit' })
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('212 entries, unbroken').waitFor()
  })

  it('is saved as a file', async () => {
    const { page } = await harness.open({ at: '#/settings/audit' })
    await page.getByRole('button', { name: 'Export' }).click()
    const saving = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click()
    const saved = await saving
    expect(saved.suggestedFilename()).toBe('belfry-audit.csv')
    expect(readFileSync(await saved.path(), 'utf8')).toBe('sequence\r\n1\r\n')
  })
})

it('the outlook on storage shows its arithmetic', async () => {
  const { page } = await harness.open({ at: '#/settings/storage' })
  await page.getByText('At this pace the disk is full in 2296 days.').waitFor()
  await page.getByText(/618 MiB now - 362 MiB at .* \/ 14\.0 days = 18\.3 MiB a day/).waitFor()
})

it('the doctor examines when asked', async () => {
  const { page } = await harness.open({ at: '#/settings/about' })
  await page.getByText('Not examined yet').waitFor()
  await page.getByRole('button', { name: 'Examine' }).click()
  await page.getByText('metrics.db: database disk image is malformed').waitFor()
  await page.getByRole('button', { name: 'Copy as text' }).waitFor()
})

it.each([
  ['backup', 'dark', 1024],
  ['backup', 'light', 1440],
  ['audit', 'dark', 1024],
] as const)('%s has no serious finding and fits, %s at %i', async (section, theme, width) => {
  const { page, problems } = await harness.open({ at: `#/settings/${section}`, theme, width, height: 768 })
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  expect(await seriousFindings(page)).toEqual([])
  await expectNoOverflow(page)
  expect(problems).toEqual([])
})
