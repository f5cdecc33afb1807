/**
 * The contract over Electron's IPC: one connection for each window that shows our page. Every message's sender is
 * verified; a frame that is not the main frame of our own page is not answered at all.
 */
import { type IpcMainEvent, ipcMain, type WebContents } from 'electron'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { bridgeChannels } from '#shared/contract/bridge.ts'
import type { Caller } from '#shared/contract/define.ts'
import { type Connection, openConnection } from '../transport/connection.ts'
import { isOwnPage } from './page.ts'

export interface IpcOptions {
  readonly console: Pick<Console, 'serve' | 'events'>
  readonly ports: Pick<Ports, 'timers' | 'logger'>
}

/** Whoever sits at the desktop owns the console. */
const desktopCaller: Caller = { role: 'admin', name: 'desktop' }

export interface IpcServer {
  /** Ends all connections. */
  close(): void
}

export function serveIpc({ console, ports }: IpcOptions): IpcServer {
  const connections = new Map<WebContents, Connection>()
  const watched = new WeakSet<WebContents>()

  const onMessage = (event: IpcMainEvent, text: unknown) => {
    if (!isTrusted(event) || typeof text !== 'string') {
      ports.logger.warn('a message from a page that is not ours was dropped', { url: event.senderFrame?.url ?? null })
      return
    }
    connectionOf(event.sender).receive(text)
  }

  function connectionOf(page: WebContents): Connection {
    const known = connections.get(page)
    if (known) return known
    const connection = openConnection({
      serve: console.serve,
      events: console.events,
      timers: ports.timers,
      caller: desktopCaller,
      outlet: {
        send(text) {
          if (!page.isDestroyed()) page.send(bridgeChannels.toRenderer, text)
        },
        // Electron queues messages without telling how many; ticks and coalescing bound what is sent.
        bufferedBytes: () => 0,
        close: () => drop(page),
      },
    })
    connections.set(page, connection)
    endWith(page)
    return connection
  }

  function drop(page: WebContents) {
    connections.get(page)?.close()
    connections.delete(page)
  }

  /** A page that loads anew begins anew: what the old one asked is of no use to it. */
  function endWith(page: WebContents) {
    if (watched.has(page)) return
    watched.add(page)
    page.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) drop(page)
    })
    page.on('render-process-gone', () => drop(page))
    page.on('destroyed', () => drop(page))
  }

  ipcMain.on(bridgeChannels.toMain, onMessage)
  return {
    close() {
      ipcMain.off(bridgeChannels.toMain, onMessage)
      for (const page of [...connections.keys()]) drop(page)
    },
  }
}

/** A frame that is gone by now is null; one inside another has a parent. */
function isTrusted({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url)
}
