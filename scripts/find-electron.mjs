/** Where a usable Electron is, or one line that says why there is none. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'

const downloadDeadlineMs = 60_000
const executables = { linux: 'electron', darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }

/** `{ path }` or `{ reason }`. With `download`, Electron's own installer is given a minute to fetch the binary. */
export function findElectron({ download }) {
  const executable = executables[process.platform] ?? 'electron'
  if (process.env.ELECTRON_EXEC_PATH) return existingOr(process.env.ELECTRON_EXEC_PATH, 'ELECTRON_EXEC_PATH')
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    return existingOr(join(process.env.ELECTRON_OVERRIDE_DIST_PATH, executable), 'ELECTRON_OVERRIDE_DIST_PATH')
  }
  const noDisplay = missingDisplay()
  if (noDisplay) return { reason: noDisplay }
  const installed = installedBinary(executable)
  if (installed) return { path: installed }
  if (download) {
    console.log('Fetching the Electron binary (first start only) ...')
    const installer = join(root, 'node_modules', 'electron', 'install.js')
    spawnSync(process.execPath, [installer], { cwd: root, stdio: 'ignore', timeout: downloadDeadlineMs })
    const fetched = installedBinary(executable)
    if (fetched) return { path: fetched }
    return { reason: 'the Electron binary is not installed and could not be downloaded' }
  }
  return { reason: 'the Electron binary is not installed' }
}

/** Electron needs a display on Linux; null where there is one. */
function missingDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return null
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

function installedBinary(executable) {
  const pathFile = join(root, 'node_modules', 'electron', 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : executable
  const path = join(root, 'node_modules', 'electron', 'dist', name)
  return existsSync(path) ? path : null
}

function existingOr(path, variable) {
  return existsSync(path) ? { path } : { reason: `${variable} names ${path}, which does not exist` }
}
