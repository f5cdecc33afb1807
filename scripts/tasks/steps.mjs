/** The steps of a check. A step is one program; those with a `report` count their tests, others count as one. */
import { join } from 'node:path'
import { root } from '../setup.mjs'

const bin = (...path) => join(root, 'node_modules', ...path)
const results = (name) => join(root, 'test-results', name)
const layers = ['shared', 'main', 'preload', 'renderer', 'test']

export const staticSteps = [
  { title: 'format, lint, boundaries', command: bin('.bin', 'biome'), args: ['check', '--error-on-warnings', '.'] },
  ...layers.map((layer) => ({
    title: `types of ${layer}`,
    command: bin('.bin', 'tsc'),
    args: ['-p', `tsconfig.${layer}.json`],
  })),
  { title: 'unused code', command: bin('.bin', 'knip'), args: [] },
]

export const unitStep = {
  title: 'unit and integration tests',
  command: process.execPath,
  args: [
    bin('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results('unit.json')}`,
  ],
  report: { file: results('unit.json'), format: 'vitest' },
}

export const browserStep = {
  title: 'the product in a real browser',
  command: process.execPath,
  args: [bin('@playwright', 'test', 'cli.js'), 'test', '--config', join(root, 'playwright.config.ts')],
  report: { file: results('browser.json'), format: 'playwright' },
}
