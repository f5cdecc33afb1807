/** `npm run promql-test -- FILE...`: tests in the format of Prometheus's own PromQL tests, on Belfry's evaluator. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { root } from '../setup.mjs'

export async function run(args) {
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return runChild(process.execPath, [join(root, 'src', 'main', 'promql-test-cli.ts'), ...args], { cwd })
}
