/**
 * `npm run bench [-- NAME ...]`: runs the scenarios one after the other, prints one table and writes the same as JSON to
 * test-results/bench.json. Exits with 1 when a goal was missed and with 2 when a name is unknown.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Measure, ratioOf, type Scenario, verdictOf } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { formatTable } from './table.ts'

const reportPath = join(import.meta.dirname, '../../test-results/bench.json')

process.exitCode = await main(process.argv.slice(2))

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0) {
    console.error(
      `Expected names out of ${scenarios.map((scenario) => scenario.name).join(', ')}; got ${unknown.join(', ')}.`,
    )
    return 2
  }
  const results: { scenario: string; measures: readonly Measure[] }[] = []
  for (const scenario of scenarios) {
    if (names.length > 0 && !names.includes(scenario.name)) continue
    results.push({ scenario: scenario.name, measures: await runOne(scenario) })
  }
  console.log(formatTable(results))
  writeReport(results)
  return results.some(({ measures }) => measures.some((measure) => verdictOf(measure) === 'missed')) ? 1 : 0
}

async function runOne(scenario: Scenario): Promise<readonly Measure[]> {
  const directory = mkdtempSync(join(tmpdir(), `belfry-bench-${scenario.name}-`))
  const startedMs = performance.now()
  const note = (text: string) => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    console.error(`${scenario.name} ${seconds} s: ${text}`)
  }
  try {
    return await scenario.run({ directory, note })
  } finally {
    rmSync(directory, { recursive: true, force: true })
    note('done')
  }
}

function writeReport(results: readonly { scenario: string; measures: readonly Measure[] }[]): void {
  const report = {
    at: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
    results: results.flatMap(({ scenario, measures }) =>
      measures.map((measure) => ({ scenario, ...measure, ratio: ratioOf(measure), verdict: verdictOf(measure) })),
    ),
  }
  mkdirSync(dirname(reportPath), { recursive: true })
  writeFileSync(reportPath, `${JSON.stringify(report, null, 2)}\n`)
}
