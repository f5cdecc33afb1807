/**
 * `npm run package [-- --linux deb]`: installers for this system, or for the targets named, in dist/. Electron's own
 * binary is downloaded for each system unless it is cached; the same settings package a folder given by
 * `-c.electronDist=DIR`.
 */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { ensureBuild, root } from '../setup.mjs'

export async function run(args) {
  ensureBuild()
  const cli = join(root, 'node_modules', 'electron-builder', 'cli.js')
  const config = join(root, 'scripts', 'package', 'electron-builder.config.ts')
  return runChild(process.execPath, [cli, '--config', config, '--publish', 'never', ...args], { cwd: root })
}
