import { BrowserConfig } from '../browser-probe/config.ts'
import { probeBrowser } from '../browser-probe/probe.ts'
import { readRecording } from '../browser-probe/recording.ts'
import { defineCheckKind } from '../kind.ts'

export const browser = defineCheckKind({
  kind: 'browser',
  title: 'Browser journey',
  description:
    'Drives an installed Chromium or Chrome through pages as a visitor would, and keeps a picture of what failed.',
  config: BrowserConfig,
  target({ url: address, steps }) {
    const { origin, pathname } = new URL(address)
    return `${origin}${pathname === '/' ? '' : pathname}${steps.length === 0 ? '' : ` and ${steps.length} steps`}`
  },
  import: readRecording,
  /** Each is a browser. */
  concurrency: 2,
  run: probeBrowser,
})
