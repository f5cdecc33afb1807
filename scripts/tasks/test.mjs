/** `npm test`: the check, then the whole product in a real browser. */
import { ensureChromium } from '../find-chromium.mjs'
import { ensureBuild } from '../setup.mjs'
import { browserStep, staticSteps, unitStep } from './steps.mjs'
import { runSteps } from './verdict.mjs'

export async function run(args) {
  process.env.CHROMIUM_PATH = await ensureChromium()
  ensureBuild()
  if (args.length > 0) return runSteps([{ ...unitStep, args: [...unitStep.args, ...args] }])
  return runSteps([...staticSteps, unitStep, browserStep])
}
