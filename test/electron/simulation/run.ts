/**
 * Runs the built Electron entry under Node: `node run.ts out/main/index.js --data DIR --config DIR`. The module
 * `electron` is the stand-in, the window is Chromium, and the parent process is the person and the system.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { app, simulation } from './electron.ts'
import type { FromSimulation, ToSimulation } from './messages.ts'
import { openScreen } from './page.ts'

const standIn = new URL('./electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})

const tell = (message: FromSimulation) => void process.send?.(message)
const screen = await openScreen()
let isShown = false
simulation.openPage = async (contents, url) => {
  await screen.openPage(contents, url)
  if (!isShown) tell({ type: 'page', debugUrl: screen.debugUrl() })
  isShown = true
}
simulation.onNoticed = tell
simulation.onExit = (code) => void screen.close().then(() => process.exit(code))

process.on('message', (message: ToSimulation) => {
  switch (message.type) {
    case 'close-window':
      return simulation.windows[0]?.close()
    case 'choose-in-tray':
      return simulation.trays[0]?.menu?.choose(message.label)
    case 'click-notification':
      return void simulation.notifications.at(-1)?.emit('click')
    case 'start-again':
      return void app.emit('second-instance', {}, message.args)
    case 'quit':
      return app.quit()
    case 'ask-window':
      return tell({ type: 'window', isVisible: simulation.windows[0]?.isVisible() ?? false })
  }
})

const [entry = ''] = process.argv.splice(2, 1)
await import(pathToFileURL(entry).href)
