/** What a fresh checkout lacks: packages, Node 24, a build. Each is done only when needed, and said when done. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runChild } from './child.mjs'

export const root = resolve(import.meta.dirname, '..')
const at = (...path) => join(root, ...path)
const windows = process.platform === 'win32'
const oldestNodeMajor = 24

/** Runs `npm ci` when node_modules does not match package-lock.json. */
export function ensurePackages() {
  const lock = readFileSync(at('package-lock.json'))
  const hash = createHash('sha256').update(lock).digest('hex')
  const stamp = at('node_modules', '.belfry-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  const installed = at('node_modules', '.package-lock.json')
  const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync(at('package-lock.json')).mtimeMs
  if (!current) {
    console.log('Installing packages (npm ci); the first time takes a minute or two ...')
    const { status } = spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit', shell: windows })
    if (status !== 0) {
      console.error(
        'npm ci failed. Expected a reachable npm registry; see the lines above, then run the command again.',
      )
      process.exit(status ?? 1)
    }
  }
  writeFileSync(stamp, hash)
}

/** True when this Node will do; otherwise the same command has been run to its end under the project's own Node. */
export async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldestNodeMajor) return true
  const own = at('node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
  if (!existsSync(own)) {
    console.error(
      `Belfry needs Node ${oldestNodeMajor}; this is ${process.version}, and the project's own is missing. ` +
        'Delete node_modules and run the command again.',
    )
    process.exit(1)
  }
  process.exitCode = await runChild(own, process.argv.slice(1))
  return false
}

/** Builds main, preload and renderer into out/ when a source is newer than the last build. */
export function ensureBuild() {
  const stamp = at('out', '.built')
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
  const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'tsconfig.base.json'].map((path) => at(path))
  if (inputs.every((path) => newestMtimeMs(path) <= builtAt)) return
  console.log('Building ...')
  const cli = at('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const build = spawnSync(process.execPath, [cli, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' })
  if (build.status !== 0) {
    console.error(`${build.stdout}\n${build.stderr}\nThe build failed; the lines above say where.`)
    process.exit(1)
  }
  mkdirSync(at('out'), { recursive: true })
  writeFileSync(stamp, '')
}

function newestMtimeMs(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMtimeMs(join(path, name))), stat.mtimeMs)
}
