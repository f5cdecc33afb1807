/** Where a usable Electron is, or one line that says why there is none. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export type FoundElectron =
  | { readonly path: string; readonly reason?: never }
  /** Why there is none. */
  | { readonly path?: never; readonly reason: string }

const root = resolve(import.meta.dirname, '..')
const downloadDeadlineMs = 60_000
const executables: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'electron',
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** With `download`, Electron's own installer is given a minute to fetch the binary. */
export function findElectron({ download }: { readonly download: boolean }): FoundElectron {
  const executable = executables[process.platform] ?? 'electron'
  const { ELECTRON_EXEC_PATH: named, ELECTRON_OVERRIDE_DIST_PATH: dist } = process.env
  if (named) return existingOr(named, 'ELECTRON_EXEC_PATH')
  if (dist) return existingOr(join(dist, executable), 'ELECTRON_OVERRIDE_DIST_PATH')
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
function missingDisplay(): string | null {
  const { DISPLAY: x11, WAYLAND_DISPLAY: wayland } = process.env
  if (process.platform !== 'linux' || x11 || wayland) return null
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

function installedBinary(executable: string): string | null {
  const pathFile = join(root, 'node_modules', 'electron', 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : executable
  const path = join(root, 'node_modules', 'electron', 'dist', name)
  return existsSync(path) ? path : null
}

function existingOr(path: string, variable: string): FoundElectron {
  return existsSync(path) ? { path } : { reason: `${variable} names ${path}, which does not exist` }
}
