/** Runs steps one after another, all of them even when one fails, and closes with `N passed, N failed, N skipped`. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { root } from '../setup.mjs'

/** Resolves to 0 when nothing failed, else 1. */
export async function runSteps(steps) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const step of steps) {
    const startedAt = performance.now()
    const counts = await runStep(step)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${counts.failed > 0 ? 'FAILED' : 'ok'}  ${step.title} (${seconds} s)`)
    for (const key of Object.keys(total)) total[key] += counts[key]
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed > 0 ? 1 : 0
}

async function runStep({ command, args, report }) {
  if (report) {
    mkdirSync(dirname(report.file), { recursive: true })
    rmSync(report.file, { force: true })
  }
  const { code, output } = await runProgram(command, args, Boolean(report))
  if (!report) {
    if (code !== 0) console.log(output)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  }
  const counts = existsSync(report.file) ? readers[report.format](JSON.parse(readFileSync(report.file, 'utf8'))) : none
  // A runner that fails without a failed test (a broken file, an unhandled rejection) is a failure all the same.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

const none = { passed: 0, failed: 0, skipped: 0 }

const readers = {
  vitest: (json) => ({
    passed: json.numPassedTests,
    failed: json.numFailedTests,
    skipped: json.numPendingTests + json.numTodoTests,
  }),
  playwright: ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }),
}

function runProgram(command, args, live) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (text) => {
      output += text
    })
    child.stderr?.on('data', (text) => {
      output += text
    })
    child.on('error', (error) => done({ code: 1, output: String(error) }))
    child.on('exit', (code) => done({ code: code ?? 1, output }))
  })
}
