/**
 * A desktop of its own for one test: a display (Xvfb), a session bus, a notification daemon (dunst), and a monitor that
 * hears every Notify call that really crosses the bus.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Child, startChild } from './child.ts'

export interface HeardNotification {
  readonly title: string
  readonly body: string
}

export interface DesktopSession {
  /** DISPLAY and DBUS_SESSION_BUS_ADDRESS, for the programs of this desktop. */
  readonly env: Readonly<Record<string, string>>
  /** Notifications in the order they crossed the bus. */
  heard(): HeardNotification[]
  close(): Promise<void>
}

const needed = [
  ['Xvfb', 'xvfb'],
  ['dbus-daemon', 'dbus'],
  ['dbus-monitor', 'dbus-bin'],
  ['dunst', 'dunst'],
  ['notify-send', 'libnotify-bin'],
] as const

/** Names of the packages this machine lacks for a desktop session; empty when all is there. */
export function missingForDesktopSession(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return needed
    .filter(([program]) => !folders.some((folder) => existsSync(join(folder, program))))
    .map(([, name]) => name)
}

export async function openDesktopSession(): Promise<DesktopSession> {
  const children: Child[] = []
  const start = (command: string, args: readonly string[], env: Record<string, string> = {}) => {
    const child = startChild(command, args, { env: { ...process.env, ...env } })
    children.push(child)
    return child
  }
  const display = await start('Xvfb', ['-displayfd', '1', '-screen', '0', '1440x900x24', '-nolisten', 'tcp']).line(
    /^(\d+)$/,
  )
  const bus = await start('dbus-daemon', ['--session', '--nofork', '--print-address']).line(/^(unix:.+)$/)
  const env = { DISPLAY: `:${display[1]}`, DBUS_SESSION_BUS_ADDRESS: String(bus[1]) }
  const monitor = start(
    'dbus-monitor',
    ['--address', env.DBUS_SESSION_BUS_ADDRESS, "interface='org.freedesktop.Notifications',member='Notify'"],
    env,
  )
  await monitor.line(/NameAcquired|NameLost/)
  start('dunst', ['-conf', '/dev/null'], env)
  return {
    env,
    heard: () => parseNotifications(monitor.lines),
    async close() {
      for (const child of children.reverse()) await child.end()
    },
  }
}

/** Of dbus-monitor's text: the third and fourth string arguments of each Notify call are its summary and body. */
function parseNotifications(lines: readonly string[]): HeardNotification[] {
  return lines
    .join('\n')
    .split(/^(?=method call|method return|signal|error)/m)
    .filter((message) => /^method call .*member=Notify$/m.test(message))
    .map((message) => [...message.matchAll(/^ {3}string "([\s\S]*?)"\n(?= {3}\S)/gm)].map((match) => String(match[1])))
    .flatMap(([, , title, body]) => (title === undefined || body === undefined ? [] : [{ title, body }]))
}
