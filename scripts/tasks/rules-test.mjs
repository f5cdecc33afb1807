/** `npm run rules-test -- FILE...`: promtool's unit tests of rules on Belfry's own engine. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { root } from '../setup.mjs'

export async function run(args) {
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return runChild(process.execPath, [join(root, 'src', 'main', 'rules-test-cli.ts'), ...args], { cwd })
}
