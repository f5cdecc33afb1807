/**
 * `npm run torture [-- NAME ...]`: the rigs of the test suite at full length, each with its planted fault, as one table
 * and as JSON in test-results/torture.json. A rig is named after its test file.
 */
import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ensureChromium } from '../find-chromium.mjs'
import { ensureBuild, root } from '../setup.mjs'

const results = (name) => join(root, 'test-results', name)

export async function run(args) {
  const found = rigs()
  const unknown = args.filter((name) => !found.has(name))
  if (unknown.length > 0) {
    console.error(`Expected rigs among ${[...found.keys()].join(', ')}; got ${unknown.join(', ')}.`)
    return 2
  }
  process.env.CHROMIUM_PATH = await ensureChromium()
  ensureBuild()
  mkdirSync(results('.'), { recursive: true })
  const rows = []
  for (const name of args.length > 0 ? args : found.keys()) {
    console.log(`${name} ...`)
    rows.push(...(await torture(name, found.get(name))))
  }
  print(rows)
  writeFileSync(results('torture.json'), `${JSON.stringify(rows, null, 2)}\n`)
  return rows.every(({ passed }) => passed) ? 0 : 1
}

/** Test files that hand over figures, by name. */
function rigs() {
  const files = globSync('test/**/*.test.ts', { cwd: root }).sort()
  const isRig = (file) => readFileSync(join(root, file), 'utf8').includes('rigFigures(')
  return new Map(files.filter(isRig).map((file) => [basename(file, '.test.ts'), file]))
}

async function torture(name, file) {
  const figures = results(`torture-${name}.jsonl`)
  rmSync(figures, { force: true })
  const startedAt = performance.now()
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const code = await runProgram([vitest, 'run', '--reporter=dot', file], {
    ...process.env,
    BELFRY_TORTURE: '1',
    BELFRY_TORTURE_FIGURES: figures,
  })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const lines = existsSync(figures) ? readFileSync(figures, 'utf8').split('\n').filter(Boolean) : []
  rmSync(figures, { force: true })
  const none = { rig: name, runs: 0, lost: null, duplicates: null, isControlRed: null }
  const told = lines.length > 0 ? lines.map((line) => JSON.parse(line)) : [none]
  return told.map((row) => ({ ...row, seconds, passed: code === 0 }))
}

function runProgram(args, env) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env })
    child.on('error', () => done(1))
    child.on('exit', (code) => done(code ?? 1))
  })
}

function print(rows) {
  const heads = ['rig', 'runs', 'lost', 'duplicates', 'control found', 'seconds', 'verdict']
  const cells = rows.map((row) => [
    row.rig,
    String(row.runs),
    String(row.lost ?? '-'),
    String(row.duplicates ?? '-'),
    { true: 'yes', false: 'NO', null: '-' }[String(row.isControlRed)],
    String(row.seconds),
    row.passed ? (row.runs > 0 ? 'held' : 'skipped') : 'FAILED',
  ])
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((row) => row[index].length)))
  const line = (row) => row.map((cell, index) => cell.padEnd(widths[index])).join('  ')
  console.log(['', line(heads), ...cells.map(line)].join('\n'))
}
