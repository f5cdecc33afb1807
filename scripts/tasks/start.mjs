/** `npm start`: the Electron app where Electron can run, else the same console served to a browser. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { findElectron } from '../find-electron.mjs'
import { ensureBuild, root } from '../setup.mjs'

/** The sandbox of Chromium refuses to run as root; for everyone else it stays on. */
const asRoot = process.platform === 'linux' && process.getuid?.() === 0

export async function run(args) {
  ensureBuild()
  if (!args.includes('--headless')) {
    const electron = findElectron({ download: true })
    if (electron.path) {
      return runChild(electron.path, [...(asRoot ? ['--no-sandbox'] : []), root, ...args], { cwd: root })
    }
    console.log(`Serving the console to a browser instead of a window: ${electron.reason}.`)
  }
  return runChild(process.execPath, [join(root, 'out', 'main', 'headless.js'), ...args], { cwd: root })
}
