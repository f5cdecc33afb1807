/** `npm run doctor` and `npm run backup -- create|list|verify|restore`: Belfry looked after from the command line. */
import { join } from 'node:path'
import { runChild } from '../child.mjs'
import { ensureBuild, root } from '../setup.mjs'

/** `area` is the script's own name. */
export const careTask = (area) => ({
  run(args) {
    ensureBuild()
    return runChild(process.execPath, [join(root, 'out', 'main', 'care-cli.js'), area, ...args], { cwd: root })
  },
})
