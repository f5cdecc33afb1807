/**
 * A stand-in for the module `electron`: the part of its API that Belfry uses, without a display. It is a simulation: no
 * sandbox, no isolated world, no second process. What it is asked to do is kept for tests to look at, and what a person
 * or the system would do is done through `simulation`.
 */
import { EventEmitter } from 'node:events'

/** What the stand-in was told, and the hands of whoever sits in front of it. */
export const simulation = {
  windows: [] as BrowserWindow[],
  trays: [] as Tray[],
  notifications: [] as Notification[],
  dialogs: [] as { kind: string; message: string; detail?: string }[],
  openedLinks: [] as string[],
  menu: null as Menu | null,
  /** The button a message box is answered with. */
  answerWith: 0,
  notificationsSupported: true,
  /** What a desktop does with a notification. */
  onNotification: (notification: Notification): void => void notification.emit('show'),
  protocolHandlers: new Map<string, (request: Request) => Response | Promise<Response>>(),
  hasInstanceLock: true,
  /** What keeps the displays awake. */
  awake: new Set<number>(),
  blockers: 0,
  exitCode: null as number | null,
  /** Shows a window's page; set when a real browser is at hand. */
  openPage: null as ((contents: WebContents, url: string) => Promise<void>) | null,
  onExit: (_code: number): void => undefined,
  /** Something a person would notice: a tray's picture, a notification, a dialog. */
  onNoticed: (_what: Noticed): void => undefined,
  reset() {
    simulation.windows = []
    simulation.trays = []
    simulation.notifications = []
    simulation.dialogs = []
    simulation.openedLinks = []
    simulation.menu = null
    simulation.answerWith = 0
    simulation.exitCode = null
    simulation.awake.clear()
    screen.removeAllListeners()
    screen.displays = [display(1)]
    app.isPackaged = false
    app.loginItem = null
    app.appData = ''
    simulation.onNotification = (notification) => void notification.emit('show')
    simulation.protocolHandlers.clear()
    ipcMain.removeAllListeners()
    app.removeAllListeners()
    session.defaultSession.removeAllListeners()
  },
}

export type Noticed =
  | { readonly type: 'tray'; readonly image: string; readonly toolTip: string; readonly labels: readonly string[] }
  | { readonly type: 'notification'; readonly title: string; readonly body: string }
  | { readonly type: 'dialog'; readonly message: string; readonly detail: string }

interface Frame {
  url: string
  parent: Frame | null
}

export class WebContents extends EventEmitter {
  mainFrame: Frame = { url: '', parent: null }
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  /** Absolute path of the window's preload script. */
  preload = ''
  /** Hands a message to the page's own ipcRenderer. */
  deliver: (channel: string, ...args: unknown[]) => void = () => undefined
  #destroyed = false

  send(channel: string, ...args: unknown[]) {
    if (this.#destroyed) throw new Error('Object has been destroyed')
    this.deliver(channel, ...structuredClone(args))
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
    this.openHandler = handler
  }
  /** The system ends the page's process and says so. */
  forcefullyCrashRenderer() {
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 })
  }
  getURL() {
    return this.mainFrame.url
  }
  isDestroyed() {
    return this.#destroyed
  }
  destroy() {
    if (this.#destroyed) return
    this.#destroyed = true
    this.emit('destroyed')
  }
  /** The main frame goes to an address, as a page or a person would make it; answers whether it was let. */
  navigate(url: string): boolean {
    const details = { url, isMainFrame: true, isSameDocument: false, ...cancellable() }
    this.emit('will-navigate', details)
    return !details.defaultPrevented
  }
}

interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  readonly options: Record<string, unknown>
  bounds: Bounds
  #visible = false
  #maximized = false
  #destroyed = false

  constructor(options: Record<string, unknown>) {
    super()
    this.options = options
    const { x = 0, y = 0, width = 800, height = 600 } = options as Partial<Bounds>
    this.bounds = { x, y, width, height }
    this.webContents.preload = String((options['webPreferences'] as { preload?: string } | undefined)?.preload ?? '')
    simulation.windows.push(this)
    app.emit('web-contents-created', cancellable(), this.webContents)
  }
  /** Every address that was loaded, in order. */
  readonly loads: string[] = []
  async loadURL(url: string) {
    this.loads.push(url)
    const isSameDocument = url.split('#', 1)[0] === this.webContents.mainFrame.url.split('#', 1)[0]
    this.webContents.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument })
    this.webContents.mainFrame.url = url
    await simulation.openPage?.(this.webContents, url)
    if (!isSameDocument) this.emit('ready-to-show')
  }
  show() {
    this.#visible = true
  }
  hide() {
    this.#visible = false
  }
  focus() {}
  restore() {}
  isMinimized() {
    return false
  }
  isVisible() {
    return this.#visible
  }
  maximize() {
    this.#maximized = true
  }
  isMaximized() {
    return this.#maximized
  }
  getNormalBounds() {
    return this.bounds
  }
  isDestroyed() {
    return this.#destroyed
  }
  /** As the cross in the title bar. */
  close() {
    const event = cancellable()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }
  destroy() {
    this.#destroyed = true
    this.#visible = false
    this.webContents.destroy()
    this.emit('closed')
  }
}

interface MenuEntry {
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly submenu?: readonly MenuEntry[]
  readonly click?: () => void
}

export class Menu {
  readonly entries: readonly MenuEntry[]
  constructor(entries: readonly MenuEntry[]) {
    this.entries = entries
  }
  static buildFromTemplate(entries: readonly MenuEntry[]) {
    return new Menu(entries)
  }
  static setApplicationMenu(menu: Menu) {
    simulation.menu = menu
  }
  labels(): string[] {
    return this.entries.map((entry) => entry.label ?? entry.role ?? entry.type ?? '')
  }
  /** Chooses an entry by its label. */
  choose(label: string) {
    const all = this.entries.flatMap((entry) => [entry, ...(entry.submenu ?? [])])
    const entry = all.find((candidate) => candidate.label === label)
    if (!entry?.click) throw new Error(`expected a menu entry "${label}", found ${this.labels().join(', ')}`)
    entry.click()
  }
}

interface Image {
  readonly path: string
}

export class Tray extends EventEmitter {
  image: Image
  toolTip = ''
  menu: Menu | null = null
  destroyed = false
  constructor(image: Image) {
    super()
    this.image = image
    simulation.trays.push(this)
  }
  setImage(image: Image) {
    this.image = image
  }
  setToolTip(text: string) {
    this.toolTip = text
  }
  setContextMenu(menu: Menu) {
    this.menu = menu
    simulation.onNoticed({ type: 'tray', image: this.image.path, toolTip: this.toolTip, labels: menu.labels() })
  }
  destroy() {
    this.destroyed = true
  }
}

export class Notification extends EventEmitter {
  readonly options: { title: string; body: string; silent: boolean; urgency: string }
  constructor(options: Notification['options']) {
    super()
    this.options = options
  }
  static isSupported() {
    return simulation.notificationsSupported
  }
  show() {
    simulation.notifications.push(this)
    simulation.onNoticed({ type: 'notification', title: this.options.title, body: this.options.body })
    simulation.onNotification(this)
  }
}

export const ipcMain = new EventEmitter()

export const powerMonitor = new EventEmitter()

/** A system without a keyring, as most that run tests are. */
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => false,
  getSelectedStorageBackend: () => 'basic_text',
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  /** What the system was told to start with the session; null: nothing yet. */
  loginItem: null as { openAtLogin: boolean; args: readonly string[] } | null,
  appData: '',
  setLoginItemSettings(settings: { openAtLogin: boolean; args: readonly string[] }) {
    app.loginItem = settings
  },
  getPath: (_name: string) => app.appData,
  setName: (_name: string) => undefined,
  setAppUserModelId: (_id: string) => undefined,
  setPath: (_name: string, _path: string) => undefined,
  requestSingleInstanceLock: () => simulation.hasInstanceLock,
  setAsDefaultProtocolClient: (_scheme: string) => true,
  whenReady: async () => undefined,
  quit() {
    const event = cancellable()
    app.emit('before-quit', event)
    if (!event.defaultPrevented) app.exit(0)
  },
  exit(code = 0) {
    simulation.exitCode = code
    simulation.onExit(code)
  },
})

export const net = { fetch: (url: string) => globalThis.fetch(url) }

export const protocol = {
  registerSchemesAsPrivileged: (_schemes: unknown) => undefined,
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>) {
    simulation.protocolHandlers.set(scheme, handler)
  },
}

type PermissionRequestHandler = (
  page: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string },
) => void
type PermissionCheckHandler = (page: unknown, permission: string, origin: string) => boolean

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    requestPermission: ((_page, _permission, answer) => answer(true)) as PermissionRequestHandler,
    checkPermission: ((): boolean => true) as PermissionCheckHandler,
    setPermissionRequestHandler(handler: PermissionRequestHandler) {
      this.requestPermission = handler
    },
    setPermissionCheckHandler(handler: PermissionCheckHandler) {
      this.checkPermission = handler
    },
    setDevicePermissionHandler: (_handler: () => boolean) => undefined,
  }),
}

export const shell = { openExternal: async (url: string) => void simulation.openedLinks.push(url) }

export const dialog = {
  async showMessageBox(options: { type: string; message: string; detail?: string }) {
    simulation.dialogs.push({ kind: options.type, message: options.message, detail: options.detail ?? '' })
    simulation.onNoticed({ type: 'dialog', message: options.message, detail: options.detail ?? '' })
    return { response: simulation.answerWith }
  },
  showErrorBox(title: string, content: string) {
    simulation.dialogs.push({ kind: 'error', message: title, detail: content })
    simulation.onNoticed({ type: 'dialog', message: title, detail: content })
  },
}

/** A display of 1920 by 1080 whose left edge is at `x`. */
export function display(id: number, x = 0, label = 'Built-in') {
  const bounds = { x, y: 0, width: 1920, height: 1080 }
  return { id, label, bounds, workArea: bounds, size: { width: 1920, height: 1080 } }
}

class Screen extends EventEmitter {
  displays = [display(1)]
  getAllDisplays() {
    return this.displays
  }
  getPrimaryDisplay() {
    return this.displays[0] ?? display(1)
  }
  plugIn(added: ReturnType<typeof display>) {
    this.displays = [...this.displays, added]
    this.emit('display-added', {}, added)
  }
  unplug(id: number) {
    this.displays = this.displays.filter((one) => one.id !== id)
    this.emit('display-removed', {}, { id })
  }
}

export const screen = new Screen()

export const powerSaveBlocker = {
  start(_type: string): number {
    const id = ++simulation.blockers
    simulation.awake.add(id)
    return id
  },
  stop: (id: number) => void simulation.awake.delete(id),
}

export const nativeImage = { createFromPath: (path: string): Image => ({ path }) }

/** The renderer's side, for a preload that runs in the same process as the main side. */
export const renderer = {
  contents: null as WebContents | null,
  world: {} as Record<string, unknown>,
  attach(contents: WebContents) {
    renderer.contents = contents
    contents.deliver = (channel, ...args) => void queueMicrotask(() => ipcRenderer.emit(channel, {}, ...args))
  },
}

export const ipcRenderer = Object.assign(new EventEmitter(), {
  send(channel: string, ...args: unknown[]) {
    const { contents } = renderer
    if (!contents) throw new Error('expected a page to be attached before it sends')
    queueMicrotask(() => sendToMain(contents, contents.mainFrame, channel, ...args))
  },
})

/** Any frame of a page sends to the main side. */
export function sendToMain(contents: WebContents, frame: Frame | null, channel: string, ...args: unknown[]): void {
  ipcMain.emit(channel, { sender: contents, senderFrame: frame }, ...structuredClone(args))
}

export const contextBridge = {
  exposeInMainWorld(name: string, api: unknown) {
    renderer.world[name] = api
  },
}

function cancellable() {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
  }
}
