/** `npm run promql-test -- FILE...`: tests in Prometheus's own format. */
import { globSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemErrorText } from '#main/files/system-error.ts'
import { runScript } from './run-script.ts'

const usage = `Usage: npm run promql-test -- [--prometheus2] [--names-at-once] FILE|FOLDER...
Runs tests in the format of Prometheus's own PromQL tests; of a folder, all files that end in .test.
  --prometheus2     a sample exactly at the beginning of a range belongs to it, as in Prometheus 2
  --names-at-once   functions drop the metric's name at once and not with the result, as a server does by default`

/** The exit code: 0 when all passed, 1 when something failed, 2 for wrong arguments. */
export async function runPromqlTest(args: readonly string[], print: (line: string) => void): Promise<number> {
  const asked = argumentsIn(args)
  if (typeof asked === 'string' || asked.positionals.length === 0) {
    print(typeof asked === 'string' ? `${asked}\n${usage}` : usage)
    return 2
  }
  const { positionals, values } = asked
  const options = {
    closedRanges: values.prometheus2 ?? false,
    delayedNames: !(values['names-at-once'] ?? false),
  }
  let [passed, failed] = [0, 0]
  for (const file of positionals.flatMap(filesAt)) {
    const source = await readFile(file, 'utf8').catch((error: unknown) => {
      print(`${file}: cannot be read: ${systemErrorText(error)}`)
      return null
    })
    if (source === null) {
      failed++
      continue
    }
    const outcome = await runScript(source, options)
    for (const { line, expr, message } of outcome.failures) {
      print(`${file}:${line}: ${expr === null ? '' : `${expr}\n    `}${message}`)
    }
    passed += outcome.passed
    failed += outcome.failures.length
  }
  print(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function argumentsIn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { prometheus2: { type: 'boolean' }, 'names-at-once': { type: 'boolean' } },
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What is not there is a file, so that reading it says what is wrong. */
function filesAt(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  return globSync('**/*.test', { cwd: path })
    .map((file) => join(path, file))
    .sort()
}
