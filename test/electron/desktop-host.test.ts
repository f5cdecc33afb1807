/** The whole Electron host around a stub of a console: what Settings say about the listener, and the end. */
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Console } from '#main/console.ts'
import { startDesktopHost } from '#main/electron/desktop-host.ts'
import { createNotices } from '#main/notices.ts'
import { createWallDisplays } from '#main/walls/wall-displays.ts'
import { simulation } from '#test/electron/simulation/electron.ts'
import { type StubConsole, stubConsole } from '#test/support/stub-console.ts'

vi.mock('electron', () => import('#test/electron/simulation/electron.ts'))

let stub: StubConsole
beforeEach(async () => {
  simulation.reset()
  stub = await stubConsole({ 'checks.list': () => [], 'alerts.list': () => ({ alerts: [], next: null }) })
})
afterEach(() => stub.close())

async function start(listener: { enabled: boolean; port: number }) {
  const announced: string[] = []
  const close = vi.fn(async () => undefined)
  const { clock, logger } = stub.ports
  const console = {
    ...stub,
    notices: createNotices(clock, logger, stub.events),
    config: {
      current: () => ({
        settings: { console: listener, desktop: { autostart: false } },
        walls: [],
        intake: { enabled: false },
      }),
      onChange: () => () => undefined,
    },
    wallDisplays: createWallDisplays(),
    announce: (url: string) => void announced.push(url),
    close,
  }
  const resourcesDir = resolve(import.meta.dirname, '../../resources')
  const host = await startDesktopHost({
    // The host uses these parts of a console; the others belong to services.
    console: console as unknown as Console,
    ports: stub.ports,
    files: { version: '0', pageDir: stub.state.directory, preloadFile: '/preload.cjs', resourcesDir },
    dataDir: join(stub.state.directory, 'window'),
    adminToken: null,
    startsHidden: false,
  })
  await stub.ports.time.advance(1000)
  return { host, console, announced, close, tray: simulation.trays[0] }
}

it('listens to nobody unless Settings say so', async () => {
  const { host, announced, tray } = await start({ enabled: false, port: 0 })
  expect(announced).toEqual([])
  expect(tray?.menu?.labels()).not.toContain('Open in browser')
  await host.close()
})

it('serves the console to browsers when Settings say so, and lets the person in', async () => {
  const { host, announced, tray } = await start({ enabled: true, port: 0 })
  expect((await fetch(`${announced[0]}/health/live`)).status).toBe(200)
  tray?.menu?.choose('Open in browser')
  await vi.waitFor(() => expect(simulation.openedLinks).toHaveLength(1))
  const reply = await fetch(simulation.openedLinks[0] ?? '', { redirect: 'manual' })
  expect(reply.headers.get('set-cookie')).toContain('HttpOnly')
  await host.close()
  await expect(fetch(`${announced[0]}/health/live`)).rejects.toThrow()
})

it('goes on without the listener when its port is taken, and says so', async () => {
  const other = createServer()
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { host, console } = await start({ enabled: true, port })
  expect(console.notices.list()).toMatchObject([
    {
      title: 'The console is not served to browsers',
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
    },
  ])
  expect(simulation.windows[0]?.isVisible()).toBe(true)
  await host.close()
  await new Promise((closed) => other.close(closed))
})

it('opens what a link leads to, and leaves nothing behind when it ends', async () => {
  const { host, close, tray } = await start({ enabled: false, port: 0 })
  host.open('belfry://alert/a1')
  expect(simulation.windows[0]?.webContents.getURL()).toBe('app://belfry/#/alerts/a1')
  host.open('belfry://elsewhere')
  expect(simulation.windows[0]?.webContents.getURL()).toBe('app://belfry/#/alerts/a1')
  await host.close()
  expect(close).toHaveBeenCalledOnce()
  expect(tray?.destroyed).toBe(true)
  expect(simulation.windows[0]?.isDestroyed()).toBe(true)
  expect(stub.ports.time.pending()).toBe(0)
})
