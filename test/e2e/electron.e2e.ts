/**
 * The built application in the real Electron, where its binary is at hand: the window, the bridge, the sandbox around
 * it and an orderly end. What people do in the window is played through by the other tests in Chromium.
 */
import { join, resolve } from 'node:path'
import { type ElectronApplication, _electron as electron, expect, test } from '@playwright/test'
import { findElectron } from '../../scripts/find-electron.ts'
import { type ConsoleHome, makeHome } from './support/console-process.ts'

const root = resolve(import.meta.dirname, '../..')
const found = findElectron({ download: false })

test.skip(!found.path, found.reason ?? '')

let home: ConsoleHome
let application: ElectronApplication

test.beforeEach(async () => {
  home = makeHome()
  const args = [join(root, 'out', 'main', 'index.js'), '--data', home.dataDir, '--config', home.configDir]
  // Chromium's sandbox does not start for root; where the tests run as root, that one layer is not tested.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  application = await electron.launch({ executablePath: found.path ?? '', args: [...asRoot, ...args], cwd: root })
})

test.afterEach(async () => {
  await application.close()
  home.remove()
})

test('shows this machine live, from a page that has nothing but the bridge', async () => {
  const page = await application.firstWindow()
  await expect(page.getByText(/^\d+(\.\d+)? %$/).first()).toBeVisible()
  expect(new URL(page.url()).origin).toBe('app://belfry')
  const reach = await page.evaluate(() => ({
    bridge: Object.keys(window.belfryBridge ?? {}).sort(),
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
  }))
  expect(reach).toEqual({ bridge: ['onFrame', 'send'], node: [] })
})

test('lets its page leave for nowhere, open nothing and run no foreign script', async () => {
  const page = await application.firstWindow()
  await expect(page.locator('#root')).not.toBeEmpty()
  const opened = await page.evaluate(() => window.open('https://example.org/') !== null)
  expect(opened).toBe(false)
  await page.evaluate(() => {
    location.href = 'file:///etc/passwd'
  })
  expect(new URL(page.url()).origin).toBe('app://belfry')
  const ran = await page.evaluate(
    () =>
      new Promise<string>((done) => {
        const script = document.createElement('script')
        script.textContent = 'window.hasRun = true'
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => done(effectiveDirective))
        document.head.append(script)
      }),
  )
  expect(ran).toBe('script-src-elem')
})

test('stays when its window is closed, and ends when it is quit', async () => {
  const page = await application.firstWindow()
  await expect(page.locator('#root')).not.toBeEmpty()
  const visible = await application.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    window?.close()
    return window?.isVisible()
  })
  expect(visible).toBe(false)
  const ended = new Promise((done) => application.process().once('exit', done))
  await application.evaluate(({ app }) => app.quit())
  expect(await ended).toBe(0)
})
