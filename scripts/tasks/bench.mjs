/** `npm run bench [-- NAME]`: measures Belfry beside its peers; see test/bench. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { nodeOptions } from '../console-command.ts'
import { ensureBuild, root } from '../setup.mjs'

export async function run(args) {
  ensureBuild()
  return runChild(process.execPath, [...nodeOptions, '--expose-gc', join(root, 'test', 'bench', 'index.ts'), ...args], {
    cwd: root,
  })
}
