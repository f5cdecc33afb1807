/** `npm run rules-test -- FILE...`. */
import { parseArgs } from 'node:util'
import { runTestFile } from './run-file.ts'

const usage = `Usage: npm run rules-test -- [--prometheus2] FILE...
Runs unit tests of rules in promtool's format.
  --prometheus2   a sample exactly at the beginning of a range belongs to it, as in Prometheus 2`

/** The exit code: 0 when all passed, 1 when something failed, 2 for wrong arguments. */
export async function runRulesTest(args: readonly string[], print: (line: string) => void): Promise<number> {
  const asked = argumentsIn(args)
  if (typeof asked === 'string' || asked.positionals.length === 0) {
    print(typeof asked === 'string' ? `${asked}\n${usage}` : usage)
    return 2
  }
  const { positionals: files, values } = asked
  let [passed, failed] = [0, 0]
  for (const file of files) {
    const outcome = await runTestFile(file, { closedRanges: values.prometheus2 ?? false })
    for (const line of outcome.lines) print(line)
    passed += outcome.passed
    failed += outcome.failed
  }
  print(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function argumentsIn(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { prometheus2: { type: 'boolean' } } })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
