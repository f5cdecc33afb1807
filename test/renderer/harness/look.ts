/**
 * Takes a picture of a screen with sample data:
 * `node test/renderer/harness/look.ts out.png '#/checks' [--theme light] [--mode empty] [--size 1024x768] [--full]`
 */
import { parseArgs } from 'node:util'
import { openHarness } from './open-harness.ts'
import { parseMode } from './sample/modes.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    theme: { type: 'string', default: 'dark' },
    mode: { type: 'string', default: 'full' },
    size: { type: 'string', default: '1440x900' },
    /** Pressed before the picture is taken, one after the other: `--keys 'Control+k'`. */
    keys: { type: 'string', multiple: true, default: [] },
    /** Clicked before the picture is taken, as Playwright selectors. */
    click: { type: 'string', multiple: true, default: [] },
    full: { type: 'boolean', default: false },
    wait: { type: 'string', default: '1200' },
  },
})
const [path = 'look.png', at = ''] = positionals
const [width = 1440, height = 900] = values.size.split('x').map(Number)
const harness = await openHarness()
try {
  const theme = values.theme === 'light' ? 'light' : 'dark'
  const { page, problems } = await harness.open({ at, theme, mode: parseMode(values.mode), width, height })
  await page.waitForTimeout(Number(values.wait))
  for (const selector of values.click) await page.click(selector)
  for (const key of values.keys) await page.keyboard.press(key)
  await page.waitForTimeout(values.click.length + values.keys.length > 0 ? 700 : 0)
  await page.screenshot({ path, fullPage: values.full })
  for (const problem of problems) process.stderr.write(`${problem}\n`)
} finally {
  await harness.close()
}
