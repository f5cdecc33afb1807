/** Entry of `npm run rules-test`. */
import { runRulesTest } from './alerts/unit-test/command.ts'

process.exitCode = await runRulesTest(process.argv.slice(2), (line) => void process.stdout.write(`${line}\n`))
