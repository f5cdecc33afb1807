/** Walls on displays of this machine, against the simulated `electron`: displays come and go, and walls with them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { servePage } from '#main/electron/app-protocol.ts'
import { wallUrl } from '#main/electron/page.ts'
import { displayOf } from '#main/electron/wall-displays-kept.ts'
import { openWallWindows } from '#main/electron/wall-windows.ts'
import { createWallDisplays } from '#main/walls/wall-displays.ts'
import { Wall } from '#shared/contract/walls.ts'
import * as electron from '#test/electron/simulation/electron.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { fakePorts } from '#test/support/ports.ts'

vi.mock('electron', () => import('#test/electron/simulation/electron.ts'))

const { simulation } = electron
const wall = (name: string) => Wall.parse({ name, title: name, pages: [{ kind: 'clock' }] })

let directory: string
beforeEach(() => {
  simulation.reset()
  directory = mkdtempSync(join(tmpdir(), 'belfry-walls-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const stateFile = () => join(directory, 'walls.json')
const shown = () =>
  simulation.windows.filter((window) => !window.isDestroyed()).map((window) => [window.options['x'], window.loads[0]])

async function desk() {
  const config = memoryConfig()
  await config.saveWall(null, wall('lobby'))
  await config.saveWall(null, wall('lab'))
  const displays = createWallDisplays()
  const open = () =>
    openWallWindows({
      console: { config, wallDisplays: displays },
      ports: fakePorts(),
      preloadFile: '/app/preload.cjs',
      iconFile: '/app/icon.png',
      stateFile: stateFile(),
    })
  return { config, displays, open }
}

const tv = electron.display(2, 1920, 'TV')

describe('walls on displays', () => {
  it('fill the display that was chosen, in a sandbox, and keep it awake', async () => {
    electron.screen.plugIn(tv)
    const { displays, open } = await desk()
    const windows = await open()
    expect(shown()).toEqual([])
    displays.show('2', 'lobby')
    expect(shown()).toEqual([[1920, wallUrl('lobby')]])
    const [window] = simulation.windows
    expect(window?.options).toMatchObject({
      fullscreen: true,
      frame: false,
      webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false },
    })
    expect(simulation.awake.size).toBe(1)
    expect(displays.displays()).toMatchObject([
      { id: '1', isPrimary: true, wall: null },
      { id: '2', label: 'TV', isPrimary: false, wall: 'lobby' },
    ])
    await windows.close()
    expect(shown()).toEqual([])
    expect(simulation.awake.size).toBe(0)
    expect(displays.displays()).toEqual([])
  })

  it('go with their display, and come back with it', async () => {
    electron.screen.plugIn(tv)
    const { displays, open } = await desk()
    await open()
    displays.show('2', 'lobby')
    electron.screen.unplug(2)
    expect(shown()).toEqual([])
    electron.screen.plugIn(tv)
    expect(shown()).toEqual([[1920, wallUrl('lobby')]])
  })

  it('come back with Belfry, also when the system has given the display another id', async () => {
    electron.screen.plugIn(tv)
    const { displays, open } = await desk()
    const first = await open()
    displays.show('2', 'lobby')
    await first.close()
    electron.screen.unplug(2)
    electron.screen.plugIn({ ...tv, id: 77 })
    await open()
    expect(shown()).toEqual([[1920, wallUrl('lobby')]])
  })

  it('give way to another wall, and to none', async () => {
    const { displays, open } = await desk()
    await open()
    displays.show('1', 'lobby')
    displays.show('1', 'lab')
    expect(shown()).toEqual([[0, wallUrl('lab')]])
    displays.show('1', null)
    expect(shown()).toEqual([])
    expect(simulation.awake.size).toBe(0)
  })

  it('end with the wall, and stay away when somebody closed them', async () => {
    const { config, displays, open } = await desk()
    const windows = await open()
    displays.show('1', 'lobby')
    await config.removeWall('lobby')
    expect(shown()).toEqual([])
    await config.saveWall(null, wall('lobby'))
    simulation.windows.at(-1)?.emit('closed')
    await windows.close()
    expect(JSON.parse(readFileSync(stateFile(), 'utf8'))).toEqual([])
  })

  it('are not shown on what is not there', async () => {
    const { displays, open } = await desk()
    expect(() => displays.show('1', 'lobby')).toThrow('without a desktop')
    await open()
    expect(() => displays.show('9', 'lobby')).toThrow('not connected')
  })

  it('begin with none when what was kept cannot be read', async () => {
    writeFileSync(stateFile(), '{"broken"')
    const { open } = await desk()
    await open()
    expect(shown()).toEqual([])
  })

  it('are loaded again when their page crashes', async () => {
    const { displays, open } = await desk()
    await open()
    displays.show('1', 'lobby')
    const [window] = simulation.windows
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    await vi.waitFor(() => expect(window?.loads.length).toBeGreaterThan(0))
    expect(new Set(window?.loads)).toEqual(new Set([wallUrl('lobby')]))
  })

  it('have the page served at their own address, and nowhere else', async () => {
    writeFileSync(join(directory, 'index.html'), '<title>Belfry</title>')
    await servePage(directory, null)
    const handler = simulation.protocolHandlers.get('app')
    const status = async (url: string) => (await handler?.(new Request(url)))?.status
    expect(await status(wallUrl('lobby'))).toBe(200)
    expect(await status('app://belfry/wall/../secret')).toBe(404)
    expect(await status('app://belfry/wall/')).toBe(404)
  })
})

describe('the display that was kept', () => {
  const kept = { display: '2', label: 'TV', widthPx: 1920, heightPx: 1080, wall: 'lobby' }
  const at = (id: string, label = 'TV', widthPx = 1920) => ({ id, label, widthPx, heightPx: 1080 })
  it.each([
    ['the same', [at('1'), at('2', 'other')], '2'],
    ['one alike', [at('1', 'Desk'), at('9')], '9'],
    ['two alike: neither', [at('8'), at('9')], null],
    ['one of another size', [at('9', 'TV', 3840)], null],
    ['none', [], null],
  ])('is found: %s', (_, present, expected) => {
    expect(displayOf(kept, present)).toBe(expected)
  })
})
