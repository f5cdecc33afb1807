/** The Electron host's parts against the simulated `electron`: what they ask of it, and what they do when it calls. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { servePage } from '#main/electron/app-protocol.ts'
import { serveIpc } from '#main/electron/ipc.ts'
import { lockDown } from '#main/electron/lockdown.ts'
import { type MainWindow, openMainWindow } from '#main/electron/main-window.ts'
import { menuTemplate } from '#main/electron/menu.ts'
import { electronDesktop } from '#main/electron/notifications.ts'
import { pageUrl } from '#main/electron/page.ts'
import { openTray } from '#main/electron/tray.ts'
import { bridgeChannels } from '#shared/contract/bridge.ts'
import * as electron from '#test/electron/simulation/electron.ts'
import { fakePorts } from '#test/support/ports.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'
import { type StubConsole, stubConsole } from '#test/support/stub-console.ts'

vi.mock('electron', () => import('#test/electron/simulation/electron.ts'))

const { simulation } = electron
let directory: string
beforeEach(() => {
  simulation.reset()
  directory = mkdtempSync(join(tmpdir(), 'belfry-electron-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('the main window', () => {
  const ports = fakePorts()
  let hiddenFirst: number
  let startsHidden: boolean
  const stateFile = () => join(directory, 'window.json')
  const open = (): Promise<MainWindow> =>
    openMainWindow({
      ports,
      preloadFile: '/app/preload.cjs',
      iconFile: '/app/icon.png',
      stateFile: stateFile(),
      startsHidden,
      onFirstHidden: () => void hiddenFirst++,
    })
  const theWindow = () => {
    const [window] = simulation.windows
    if (!window) throw new Error('expected a window')
    return window
  }
  beforeEach(() => {
    hiddenFirst = 0
    startsHidden = false
  })

  it('shows our page in a sandbox, isolated, without Node', async () => {
    await open()
    expect(theWindow().options['webPreferences']).toEqual({
      preload: '/app/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      autoplayPolicy: 'no-user-gesture-required',
    })
    expect(theWindow().webContents.getURL()).toBe('app://belfry/')
    expect(theWindow().isVisible()).toBe(true)
  })

  it('stays hidden until it is asked for where Belfry began with the session', async () => {
    startsHidden = true
    const window = await open()
    expect(theWindow().isVisible()).toBe(false)
    window.show()
    expect(theWindow().isVisible()).toBe(true)
  })

  it('is hidden when it is closed, and says so the first time ever', async () => {
    const first = await open()
    theWindow().close()
    expect(theWindow().isVisible()).toBe(false)
    expect(theWindow().isDestroyed()).toBe(false)
    first.show()
    theWindow().close()
    expect(hiddenFirst).toBe(1)
    await first.close()
    expect(theWindow().isDestroyed()).toBe(true)
    simulation.reset()
    await open()
    theWindow().close()
    expect(hiddenFirst).toBe(1)
  })

  it('comes back where it was, unless no display is there any more', async () => {
    const first = await open()
    theWindow().bounds = { x: 100, y: 50, width: 1000, height: 700 }
    theWindow().emit('move')
    await ports.time.advance(1000)
    await first.close()
    expect(JSON.parse(readFileSync(stateFile(), 'utf8'))).toMatchObject({ bounds: { x: 100, width: 1000 } })
    simulation.reset()
    await open()
    expect(theWindow().options).toMatchObject({ x: 100, y: 50, width: 1000, height: 700 })
    writeFileSync(
      stateFile(),
      JSON.stringify({ bounds: { x: 5000, y: 0, width: 1000, height: 700 }, isMaximized: false, knowsTray: true }),
    )
    simulation.reset()
    await open()
    expect(theWindow().options).toMatchObject({ width: 1440, height: 900 })
    expect(theWindow().options).not.toHaveProperty('x')
  })

  it('opens with a place that cannot be read as if for the first time', async () => {
    writeFileSync(stateFile(), '{"bounds":')
    await open()
    expect(theWindow().options).toMatchObject({ width: 1440, height: 900 })
  })

  it('goes to a place without loading the page anew', async () => {
    const window = await open()
    const loads: string[] = []
    theWindow().webContents.on(
      'did-start-navigation',
      ({ url, isSameDocument }) => void loads.push(`${url} ${isSameDocument}`),
    )
    window.show('#/alerts/a1')
    expect(loads).toEqual(['app://belfry/#/alerts/a1 true'])
  })

  it('survives a place whose load was cut short by the next', async () => {
    const window = await open()
    theWindow().loadURL = () => Promise.reject(new Error('ERR_ABORTED (-3)'))
    window.show('#/alerts/a1')
    await vi.waitFor(() =>
      expect(ports.logger.lines).toMatchObject([{ level: 'warn', fields: { place: '#/alerts/a1' } }]),
    )
  })

  const crash = () => theWindow().webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })

  it('loads a page that crashed again at its place, each time later, and then one without scripts', async () => {
    const window = await open()
    window.show('#/alerts/a1')
    const { loads } = theWindow()
    loads.length = 0
    for (const waitMs of [0, 2000, 10_000]) {
      crash()
      if (waitMs > 0) {
        await ports.time.advance(waitMs - 1)
        expect(loads).not.toContain('app://belfry/safe.html')
      }
      await ports.time.advance(1)
    }
    expect(loads).toEqual(['app://belfry/#/alerts/a1', 'app://belfry/#/alerts/a1', 'app://belfry/#/alerts/a1'])
    crash()
    await ports.time.advance(0)
    expect(loads.at(-1)).toBe('app://belfry/safe.html')
    // A dialog would hold up the whole process until somebody comes and closes it.
    expect(simulation.dialogs).toEqual([])
    await ports.time.advance(60_000)
    crash()
    await ports.time.advance(0)
    expect(loads.at(-1)).toBe('app://belfry/#/alerts/a1')
  })

  it('ends a page that hangs for half a minute, and not one that comes round', async () => {
    await open()
    const { loads } = theWindow()
    loads.length = 0
    theWindow().emit('unresponsive')
    await ports.time.advance(29_000)
    theWindow().emit('responsive')
    await ports.time.advance(60_000)
    expect(loads).toEqual([])
    theWindow().emit('unresponsive')
    await ports.time.advance(30_000)
    expect(loads).toEqual(['app://belfry/'])
  })

  it('loads nothing into a window that is closed for good', async () => {
    const window = await open()
    const { loads } = theWindow()
    loads.length = 0
    crash()
    await window.close()
    await ports.time.advance(60_000)
    expect(loads).toEqual([])
  })
})

describe('a page', () => {
  const logger = fakePorts().logger
  const pageOf = async () => {
    lockDown(logger)
    const window = new electron.BrowserWindow({})
    await window.loadURL(pageUrl())
    return window.webContents
  }

  it.each([
    ['geolocation', 'app://belfry/', false],
    ['clipboard-read', 'app://belfry/', false],
    ['clipboard-sanitized-write', 'https://attacker.example/', false],
    // What a "copy" button needs: it writes, and cannot read.
    ['clipboard-sanitized-write', 'app://belfry/', true],
  ])('asking for %s as %s is answered %s', async (permission, url, expected) => {
    await pageOf()
    const { defaultSession } = electron.session
    const answers: boolean[] = []
    const answer = (granted: boolean) => void answers.push(granted)
    defaultSession.requestPermission(null, permission, answer, { requestingUrl: url })
    answers.push(defaultSession.checkPermission(null, permission, url))
    expect(answers).toEqual([expected, expected])
  })

  it.each([
    'https://example.org/',
    'file:///etc/passwd',
    'app://other/',
    'app://belfry.example/',
    'javascript:alert(1)',
    'about:blank',
  ])('does not leave for %s', async (url) => {
    expect((await pageOf()).navigate(url)).toBe(false)
  })

  it('moves within itself', async () => {
    expect((await pageOf()).navigate('app://belfry/#/alerts')).toBe(true)
  })

  it('opens no window, embeds nothing and downloads nothing but what it made itself', async () => {
    const page = await pageOf()
    expect(page.openHandler({ url: 'app://belfry/' })).toEqual({ action: 'deny' })
    const prevented = vi.fn()
    page.emit('will-attach-webview', { preventDefault: prevented })
    const download = (url: string) =>
      electron.session.defaultSession.emit('will-download', { preventDefault: prevented }, { getURL: () => url })
    download('https://example.org/program')
    download('app://belfry/index.html')
    download('blob:https://example.org/0f1c')
    expect(prevented).toHaveBeenCalledTimes(4)
    download('blob:app://belfry/0f1c')
    expect(prevented).toHaveBeenCalledTimes(4)
  })

  it('leads to the outside over https only, and only after asking', async () => {
    const page = await pageOf()
    simulation.answerWith = 1
    page.openHandler({ url: 'https://example.org/refused' })
    await vi.waitFor(() => expect(simulation.dialogs).toHaveLength(1))
    simulation.answerWith = 0
    page.openHandler({ url: 'https://example.org/opened' })
    page.openHandler({ url: 'http://example.org/plain' })
    page.openHandler({ url: 'file:///bin/sh' })
    page.openHandler({ url: 'no address' })
    await vi.waitFor(() => expect(simulation.openedLinks).toEqual(['https://example.org/opened']))
    expect(simulation.dialogs.map((dialog) => dialog.detail)).toEqual([
      'https://example.org/refused',
      'https://example.org/opened',
    ])
  })

  it('is served from the built files under a policy, and nothing else is', async () => {
    writeFileSync(join(directory, 'index.html'), '<!doctype html>')
    await servePage(directory, null)
    const get = async (url: string, method = 'GET') => {
      const reply = await simulation.protocolHandlers.get('app')?.(new Request(url, { method }))
      return { status: reply?.status, policy: reply?.headers.get('content-security-policy'), text: await reply?.text() }
    }
    expect(await get('app://belfry/')).toEqual({
      status: 200,
      text: '<!doctype html>',
      policy: expect.stringMatching(/^default-src 'none'; script-src 'self'; .*connect-src 'self'; /),
    })
    for (const url of ['app://other/', 'app://belfry/../package.json', 'app://belfry/%2e%2e/package.json']) {
      expect((await get(url)).status).toBe(404)
    }
    expect((await get('app://belfry/', 'POST')).status).toBe(404)
  })
})

it('a page under development comes from its server, under our own address', async () => {
  const server = createServer((request, reply) => reply.end(`served ${request.url}`))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  await servePage(directory, origin)
  const get = async (url: string) => (await simulation.protocolHandlers.get('app')?.(new Request(url)))?.text()
  expect(await get('app://belfry/main.tsx?t=1')).toBe('served /main.tsx?t=1')
  expect(await get('app://other/')).toBe('not found')
  await new Promise((closed) => server.close(closed))
})

describe('a message to the main side', () => {
  let console: StubConsole
  let close: () => void
  beforeEach(async () => {
    console = await stubConsole({ 'checks.list': () => [] })
    close = serveIpc({ console, ports: console.ports }).close
  })
  afterEach(() => {
    close()
    console.close()
  })
  const ping = '{"type":"ping"}'
  const openPage = async (url = pageUrl()) => {
    const window = new electron.BrowserWindow({})
    await window.loadURL(url)
    const received: string[] = []
    window.webContents.deliver = (_channel, text) => void received.push(String(text))
    return { page: window.webContents, window, received }
  }

  it('is answered when our page’s main frame sends it', async () => {
    const { page, received } = await openPage()
    electron.sendToMain(page, page.mainFrame, bridgeChannels.toMain, ping)
    expect(received).toEqual(['{"type":"pong"}'])
  })

  it('is dropped when another page, an inner frame or no frame sends it', async () => {
    const { page, received } = await openPage()
    electron.sendToMain(page, { url: 'app://belfry/', parent: page.mainFrame }, bridgeChannels.toMain, ping)
    electron.sendToMain(page, null, bridgeChannels.toMain, ping)
    electron.sendToMain(page, page.mainFrame, bridgeChannels.toMain, { type: 'ping' })
    const foreign = await openPage('https://attacker.example/app://belfry/')
    electron.sendToMain(foreign.page, foreign.page.mainFrame, bridgeChannels.toMain, ping)
    expect([...received, ...foreign.received]).toEqual([])
    expect(console.ports.logger.lines.filter((line) => line.level === 'warn')).toHaveLength(4)
  })

  it('of a page that was loaded anew is not answered for the old one', async () => {
    const { page, window, received } = await openPage()
    const subscribe = '{"type":"subscribe","events":["checks.removed"]}'
    electron.sendToMain(page, page.mainFrame, bridgeChannels.toMain, subscribe)
    page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    console.events.emit('checks.removed', { id: 'x' })
    await console.ports.time.advance(1000)
    expect(received).toEqual([])
    window.destroy()
    expect(() => electron.sendToMain(page, page.mainFrame, bridgeChannels.toMain, ping)).not.toThrow()
  })
})

describe('the tray', () => {
  it('follows the worst state, and does what its menu says', async () => {
    const snoozed = vi.fn()
    const acknowledged = vi.fn()
    const checks = [checkView()]
    const alerts = [alertView({ id: 'a/1', annotations: { summary: 'R&D is down' } })]
    const shown = { checks, alerts: [] as typeof alerts }
    const console = await stubConsole({
      'checks.list': () => shown.checks,
      'alerts.list': () => ({ alerts: shown.alerts, next: null }),
      'alerts.acknowledge'({ ids }) {
        acknowledged(ids)
        return []
      },
      'alerts.snooze'({ ids, until }) {
        snoozed(ids, until)
        return []
      },
    })
    const opened: (string | undefined)[] = []
    const quit = vi.fn()
    const close = openTray({
      console,
      ports: console.ports,
      iconDir: '/icons',
      open: (place) => void opened.push(place),
      openInBrowser: null,
      quit,
    })
    const [tray] = simulation.trays
    if (!tray) throw new Error('expected a tray')
    const { time, clock } = console.ports
    expect(tray.image.path).toBe('/icons/tray-unknown.png')
    console.events.emit('metrics.advanced', { at: clock.now() })
    await time.advance(1000)
    expect(tray.image.path).toBe('/icons/tray-up.png')
    expect(tray.toolTip).toBe('Belfry\n1 up\nNo alerts\nUpdated just now')
    expect(tray.menu?.labels()).toEqual(['Open Belfry', 'Walls…', 'separator', 'Quit (watching stops)'])

    shown.checks = [checkView({ state: 'down' })]
    shown.alerts = alerts
    console.events.emit('alerts.changed', alertView())
    await time.advance(1000)
    expect(tray.image.path).toBe('/icons/tray-down.png')
    expect(tray.toolTip).toContain('1 down\n1 alert')
    expect(tray.menu?.labels()[0]).toBe('R&&D is down')
    tray.menu?.choose('Open')
    tray.menu?.choose('Acknowledge')
    tray.menu?.choose('Snooze for 30 minutes')
    tray.menu?.choose('Open Belfry')
    tray.menu?.choose('Snooze all alerts for 1 hour')
    tray.menu?.choose('Quit (watching stops)')
    expect(opened).toEqual(['#/alerts/a%2F1', undefined])
    expect(quit).toHaveBeenCalledOnce()
    await time.advance(0)
    expect(acknowledged).toHaveBeenCalledWith(['a/1'])
    expect(snoozed.mock.calls).toEqual([
      [['a/1'], clock.now() + 1_800_000],
      [['a/1'], clock.now() + 3_600_000],
    ])

    await time.advance(90_000)
    expect(tray.toolTip).toContain('Updated 91 s ago')
    close()
    expect(tray.destroyed).toBe(true)
    expect(time.pending()).toBe(0)
    console.close()
  })
})

describe('a notification', () => {
  const { timers, time } = fakePorts()
  const message = { title: 'Site is down', body: 'refused', severity: 'critical', silent: false } as const

  it('is taken once the desktop shows it, and a click opens what it speaks of', async () => {
    const opened: string[] = []
    const desktop = electronDesktop(timers, (link) => void opened.push(link))
    await desktop.notify({ ...message, link: 'belfry://alert/a1' })
    const [notification] = simulation.notifications
    expect(notification?.options).toEqual({
      title: 'Site is down',
      body: 'refused',
      silent: false,
      urgency: 'critical',
    })
    notification?.emit('click')
    expect(opened).toEqual(['belfry://alert/a1'])
    expect(time.pending()).toBe(0)
  })

  it('that is never said to be closed is not kept for ever', async () => {
    const opened: string[] = []
    const desktop = electronDesktop(timers, (link) => void opened.push(link))
    for (let count = 0; count <= 100; count++) await desktop.notify({ ...message, link: `belfry://alert/${count}` })
    for (const notification of simulation.notifications) notification.emit('click')
    expect(opened).toHaveLength(100)
    expect(opened).not.toContain('belfry://alert/0')
  })

  it('that the desktop refuses or ignores is a failure with its reason', async () => {
    const desktop = electronDesktop(timers, () => undefined)
    simulation.onNotification = (notification) => void notification.emit('failed', {}, 'not allowed')
    await expect(desktop.notify(message)).rejects.toThrow('refused the notification: not allowed')
    simulation.onNotification = () => undefined
    const ignored = expect(desktop.notify(message)).rejects.toThrow('did not show the notification within 10 s')
    await time.advance(10_000)
    await ignored
  })

  it('is known to be impossible where the desktop has no service', async () => {
    simulation.notificationsSupported = false
    const desktop = electronDesktop(timers, () => undefined)
    expect(await desktop.describe()).toMatchObject({
      available: false,
      reason: expect.stringContaining('no notification'),
    })
    simulation.notificationsSupported = true
    expect(await desktop.describe()).toMatchObject({ available: true })
  })
})

it.each(['linux', 'darwin', 'win32'] as const)(
  'the menu on %s leads to settings and lets Belfry be quit',
  (platform) => {
    const places: string[] = []
    const quit = vi.fn()
    const menu = new electron.Menu(menuTemplate({ platform, open: (place) => void places.push(place), quit }) as never)
    menu.choose('Settings…')
    menu.choose('Alerts')
    menu.choose('Quit Belfry')
    expect(places).toEqual(['#/settings', '#/alerts'])
    expect(quit).toHaveBeenCalledOnce()
  },
)
