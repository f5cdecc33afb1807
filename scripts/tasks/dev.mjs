/** `npm run dev`: Electron with hot reload; without Electron, rebuilds on change and restarts the headless console. */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { headlessArguments } from '../console-command.ts'
import { findElectron } from '../find-electron.ts'
import { ensureBuild, root } from '../setup.mjs'

const quietMs = 300

export async function run(args) {
  const electron = findElectron({ download: true })
  if (electron.path && !args.includes('--headless')) {
    const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    return runChild(process.execPath, [cli, 'dev', '--', ...args], {
      cwd: root,
      env: { ...process.env, ELECTRON_EXEC_PATH: electron.path },
    })
  }
  console.log(`Developing on the headless console${electron.path ? '' : `: ${electron.reason}`}.`)
  ensureBuild()
  let child = serve(args)
  let pending
  watch(join(root, 'src'), { recursive: true }, () => {
    clearTimeout(pending)
    pending = setTimeout(() => {
      child.once('exit', () => {
        ensureBuild()
        child = serve(args)
      })
      child.kill('SIGTERM')
    }, quietMs)
  })
  return new Promise((done) => process.once('SIGINT', () => child.once('exit', () => done(0))))
}

function serve(args) {
  return spawn(process.execPath, headlessArguments(['--no-open', ...args]), {
    cwd: root,
    stdio: 'inherit',
  })
}
