/** `npm start`: the Electron app where Electron can run, else the same console served to a browser. */
import { runChild } from '../child.mjs'
import { headlessArguments } from '../console-command.ts'
import { findElectron } from '../find-electron.ts'
import { ensureBuild, root } from '../setup.mjs'

/** The sandbox of Chromium refuses to run as root; for everyone else it stays on. */
const asRoot = process.platform === 'linux' && process.getuid?.() === 0

/** How a console ends that wants to be started anew; as EX_TEMPFAIL of sysexits.h. */
const startAgain = 75
/** Tells the console that somebody will. */
const env = { ...process.env, BELFRY_RESTARTS: '1' }

export async function run(args) {
  for (;;) {
    const code = await runOnce(args)
    if (code !== startAgain) return code
  }
}

async function runOnce(args) {
  ensureBuild()
  if (!args.includes('--headless')) {
    const electron = findElectron({ download: true })
    if (electron.path) {
      return runChild(electron.path, [...(asRoot ? ['--no-sandbox'] : []), root, ...args], { cwd: root, env })
    }
    console.log(`Serving the console to a browser instead of a window: ${electron.reason}.`)
  }
  return runChild(process.execPath, headlessArguments(args), { cwd: root, env })
}
