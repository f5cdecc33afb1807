/** The real App on a memory transport with sample handlers. Switches are in the address: `?mode=empty#/checks`. */
import '../../../src/renderer/without-eval.ts'
import '../../../src/renderer/theme/base.css'
import { createRoot } from 'react-dom/client'
import { App } from '../../../src/renderer/app.tsx'
import { connect } from '../../../src/renderer/client/connect.ts'
import { applyAppearance, useAppearance } from '../../../src/renderer/theme/appearance.ts'
import { parseMode } from './sample/modes.ts'
import { sampleConsole } from './sample/sample-console.ts'

const switches = new URLSearchParams(location.search)
const sample = sampleConsole(parseMode(switches.get('mode')), Number(switches.get('checks') ?? 40))
const theme = switches.get('theme')
if (theme === 'dark' || theme === 'light') {
  sample.settings.appearance.theme = theme
  useAppearance.getState().set({ theme })
}
applyAppearance()

declare global {
  interface Window {
    /** For tests: break and mend the connection, fail calls, send events. */
    readonly sample: typeof sample
  }
}
Object.assign(window, { sample })

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root"')
createRoot(root).render(<App client={connect(sample.transport)} />)
