/** `npm run check`: everything a reviewer would ask for, except the tests in a browser. */

import { ensureChromium } from '../find-chromium.mjs'
import { ensureBuild } from '../setup.mjs'
import { staticSteps, unitStep } from './steps.mjs'
import { runSteps } from './verdict.mjs'

export async function run() {
  process.env.CHROMIUM_PATH = await ensureChromium()
  ensureBuild()
  return runSteps([...staticSteps, unitStep])
}
