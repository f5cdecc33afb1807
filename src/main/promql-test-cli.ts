/** Entry of `npm run promql-test`. */
import { runPromqlTest } from './promql-test/command.ts'

process.exitCode = await runPromqlTest(process.argv.slice(2), (line) => void process.stdout.write(`${line}\n`))
