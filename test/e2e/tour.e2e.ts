/** The README's ten-minute tour, where the other tests do not take it: a rule of one's own, and what goes wrong on the way. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, expect, test } from '@playwright/test'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import { openPage } from './support/page.ts'

let home: ConsoleHome
let console: RunningConsole
let browser: Browser

test.beforeEach(async () => {
  home = makeHome()
  browser = await launchChromium()
  console = await startConsole(home)
})

test.afterEach(async () => {
  await browser.close()
  await console.end()
  home.remove()
})

test('a rule is written, refused while it is wrong, and rings when it is right', async () => {
  const { page } = await openPage(browser, console.link)
  await page.goto(`${console.origin}/#/rules/new`)
  await page.getByRole('textbox', { name: 'Name' }).fill('MachineIsOn')
  await page.getByText('PromQL', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Expression' }).fill('node_load1 >')
  await page.getByRole('textbox', { name: 'Summary' }).fill('This machine is on')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/1:13|expected/i).first()).toBeVisible()

  await page.getByRole('textbox', { name: 'Expression' }).fill('node_load1 >= 0')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.goto(`${console.origin}/#/alerts`)
  await expect(page.getByRole('main').getByText('This machine is on')).toBeVisible({ timeout: 75_000 })

  const written = readFileSync(join(home.configDir, 'rules', 'own.yml'), 'utf8')
  expect(written).toContain('alert: MachineIsOn')
})

test('a malformed address is refused with what was expected', async () => {
  const { page } = await openPage(browser, console.link)
  await page.getByLabel('URL, host or host:port').fill('http://:99999')
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText(/expected/i).first()).toBeVisible()
})

test('a second console on the same directory says who holds it, and leaves the first alone', async () => {
  const second = startConsole(home)
  await expect(second).rejects.toThrow(
    /Another Belfry uses the data directory .* reachable at http:\/\/127\.0\.0\.1:\d+/,
  )
  const health = await fetch(`${console.origin}/health/ready`)
  expect(health.status).toBe(200)
})

test('a broken belfry.yaml is named with its line, and the good entries are watched', async () => {
  await console.end()
  mkdirSync(home.configDir, { recursive: true })
  writeFileSync(
    join(home.configDir, 'belfry.yaml'),
    `version: 1
checks:
  - name: Good
    kind: tcp
    config: { host: 127.0.0.1, port: 1 }
  - name: Bad
    kind: tcp
    config: { host: 127.0.0.1, port: 70000 }
`,
  )
  console = await startConsole(home)
  const { page } = await openPage(browser, console.link)
  await expect(page.getByText(/belfry\.yaml:8/).first()).toBeVisible()
  await page.goto(`${console.origin}/#/checks`)
  await expect(page.getByRole('main').getByText('Good').first()).toBeVisible()
})
