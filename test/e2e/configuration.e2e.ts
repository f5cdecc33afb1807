/** An operator who edits belfry.yaml by hand and by the screens, at the same time. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import { openPage } from './support/page.ts'

const written = `version: 1
# Ours, by hand.
groups:
  eu:
    every: 30s
    tags: [customer]
checks:
  - name: Shop # the one that pays
    kind: tcp
    group: eu
    config: { host: 127.0.0.1, port: 9 }
  - name: Mail
    kind: tcp
    config: { host: 127.0.0.1, port: 10 }
`

let home: ConsoleHome
let console: RunningConsole
let browser: Browser
let page: Page
const file = () => join(home.configDir, 'belfry.yaml')
const text = () => readFileSync(file(), 'utf8')
const goTo = (place: string) => page.goto(`${console.origin}/#${place}`)

test.beforeEach(async () => {
  home = makeHome({ config: written })
  browser = await launchChromium()
  console = await startConsole(home)
  page = (await openPage(browser, console.link)).page
})

test.afterEach(async () => {
  await browser.close()
  await console.end()
  home.remove()
})

test('a hand and a screen edit different checks, and both changes survive', async () => {
  await goTo('/checks/shop/edit')
  await page.getByLabel('Interval').fill('45 s')
  // Meanwhile, in an editor:
  writeFileSync(file(), written.replace('port: 10', 'port: 25').replace('Ours, by hand.', 'Ours, and mail moved.'))
  await page.getByRole('button', { name: 'Show the change' }).click()
  await expect(page.getByLabel(/^Change of/)).toContainText('+    every: 45s')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved "Shop".')).toBeVisible()
  expect(text()).toContain('port: 25')
  expect(text()).toContain('every: 45s')
  expect(text()).toContain('# Ours, and mail moved.')
  expect(text()).toContain('name: Shop # the one that pays')
  await goTo('/checks/mail')
  await expect(page.getByText('127.0.0.1:25').first()).toBeVisible()
})

test('a file that is broken changes nothing, and line and reason are named until it is mended', async () => {
  await goTo('/checks')
  await expect(page.getByText('Mail', { exact: true })).toBeVisible()
  writeFileSync(
    file(),
    written.replace('kind: tcp\n    group: eu', 'kind: tpc\n    group: eu').replace('port: 10', 'port: 25'),
  )
  const banner = page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: 'belfry.yaml' })
  await expect(page.getByText(/belfry\.yaml.*9|line 9/).first()).toBeVisible()
  await goTo('/checks/mail')
  await expect(page.getByText('127.0.0.1:10').first()).toBeVisible()
  await goTo('/settings/configuration')
  await expect(page.getByText('What ran before the last change on disk runs on')).toBeVisible()
  await expect(page.getByText(/did you mean "tcp"/).first()).toBeVisible()
  writeFileSync(file(), written.replace('port: 10', 'port: 25'))
  await expect(page.getByText('All that is written is in use.')).toBeVisible()
  await expect(banner).toHaveCount(0)
  await goTo('/checks/mail')
  await expect(page.getByText('127.0.0.1:25').first()).toBeVisible()
})

test('many checks are changed at once, seen first and taken back', async () => {
  await goTo('/checks')
  await page.getByLabel('Select all that are shown').press('Space')
  await page.getByRole('toolbar', { name: 'Selected checks' }).getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Timeout').fill('3 s')
  await dialog.getByLabel('Add tags').fill('core')
  await expect(dialog.getByLabel(/^Change of/)).toContainText('timeout: 3s')
  expect(text()).toBe(written)
  await dialog.getByRole('button', { name: 'Write the change' }).click()
  await expect(page.getByText('Changed 2 checks.')).toBeVisible()
  expect(text().match(/timeout: 3s/g)).toHaveLength(2)
  await expect(page.getByRole('list', { name: 'Tag' }).getByText('core')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('list', { name: 'Tag' }).getByText('core')).toHaveCount(0)
  expect(text()).toBe(written)
})

test('a secret is stored once, used by name, and never shown', async () => {
  await goTo('/settings/configuration')
  await page.getByRole('button', { name: 'New secret' }).click()
  await page.getByLabel('Name').fill('shop-password')
  await page.getByLabel('Value').fill('a canary in the mine')
  await page.getByRole('button', { name: 'Store', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'shop-password' })
  await expect(row).toContainText('Stored')
  await expect(row).toContainText('nothing')
  expect(await page.content()).not.toContain('a canary in the mine')
})
