/** A Chromium for the tests in a real browser: found, else installed, else a clear failure. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './setup.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

export async function findChromium() {
  if (process.env.CHROMIUM_PATH) return existsSync(process.env.CHROMIUM_PATH) ? process.env.CHROMIUM_PATH : null
  const { chromium } = await import('playwright')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  return onPath()
}

/** As `findChromium`, but installs one when there is none. Exits with a clear message when that fails too. */
export async function ensureChromium() {
  const found = await findChromium()
  if (found) return found
  console.log('Installing Chromium for the browser tests ...')
  const cli = join(root, 'node_modules', 'playwright', 'cli.js')
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { cwd: root, stdio: 'inherit', timeout: 300_000 })
  if (
    !(await findChromium()) &&
    process.platform === 'linux' &&
    process.getuid() === 0 &&
    existsSync('/usr/bin/apt-get')
  ) {
    spawnSync('apt-get', ['update'], { stdio: 'inherit' })
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'inherit' })
  }
  const installed = await findChromium()
  if (installed) return installed
  console.error(
    'The browser tests need Chromium: none was found (CHROMIUM_PATH, Playwright, PATH) and none could be installed. ' +
      'Install Chromium or Chrome, or set CHROMIUM_PATH to its executable, and run the command again.',
  )
  process.exit(1)
}

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) if (existsSync(join(folder, name))) return join(folder, name)
  }
  return null
}
