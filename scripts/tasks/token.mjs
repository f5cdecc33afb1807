/** `npm run token -- create --role viewer --name grafana [--data DIR]`: makes an API token from the command line. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { ensureBuild, root } from '../setup.mjs'

export async function run(args) {
  ensureBuild()
  return runChild(process.execPath, [join(root, 'out', 'main', 'token-cli.js'), ...args], { cwd: root })
}
