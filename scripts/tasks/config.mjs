/** `npm run config -- check FILE`: reads a configuration as Belfry would, and says what is wrong with it. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { ensureBuild, root } from '../setup.mjs'

export async function run(args) {
  ensureBuild()
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return runChild(process.execPath, [join(root, 'out', 'main', 'config-cli.js'), ...args], { cwd })
}
