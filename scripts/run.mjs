/**
 * The door to every npm script: sets up what a fresh checkout lacks (packages, the right Node, a build), then does what
 * was asked. No dependencies, and nothing newer than Node 20, for it runs before either is there.
 */
import { ensureNode, ensurePackages } from './setup.mjs'

const tasks = {
  start: () => import('./tasks/start.mjs'),
  dev: () => import('./tasks/dev.mjs'),
  test: () => import('./tasks/test.mjs'),
  check: () => import('./tasks/check.mjs'),
  bench: () => import('./tasks/bench.mjs'),
  torture: () => import('./tasks/torture.mjs'),
  token: () => import('./tasks/token.mjs'),
  config: () => import('./tasks/config.mjs'),
  'rules-test': () => import('./tasks/rules-test.mjs'),
  'promql-test': () => import('./tasks/promql-test.mjs'),
  backup: async () => (await import('./tasks/care.mjs')).careTask('backup'),
  doctor: async () => (await import('./tasks/care.mjs')).careTask('doctor'),
  package: () => import('./tasks/package.mjs'),
}

const [name = '', ...args] = process.argv.slice(2)
if (!Object.hasOwn(tasks, name)) {
  console.error(`Expected one of ${Object.keys(tasks).join(', ')}; got "${name}". For example: npm start`)
  process.exit(2)
}
ensurePackages()
if (await ensureNode()) {
  const task = await tasks[name]()
  process.exitCode = await task.run(args)
}
