/**
 * The desktop port where Electron is not the host: notify-send on Linux and the BSDs, started with an argument list and a
 * deadline; node-notifier's bundled programs on macOS and Windows. Its Linux path is not used because it goes through a
 * shell and has no deadline (docs/decisions/0007-notify-send-without-a-shell.md).
 */
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import notifier from 'node-notifier'
import type { Desktop, DesktopNotification } from '../ports.ts'

export interface DesktopEnvironment {
  readonly platform: string
  readonly variables: Readonly<Record<string, string | undefined>>
}

const thisProcess: DesktopEnvironment = { platform: process.platform, variables: process.env }

/** A desktop that has not answered by then will not. */
const answersWithinMs = 8000

export function desktopNotifier(environment: DesktopEnvironment = thisProcess): Desktop {
  if (environment.platform === 'darwin' || environment.platform === 'win32') return throughNodeNotifier(environment)
  return throughNotifySend(environment)
}

function throughNotifySend(environment: DesktopEnvironment): Desktop {
  const missing = () => missingFor(environment)
  return {
    async notify(notification) {
      const reason = missing()
      if (reason !== null) throw new Error(reason)
      try {
        await promisify(execFile)('notify-send', notifySendArguments(notification), {
          timeout: answersWithinMs,
          env: { ...environment.variables },
        })
      } catch (error) {
        throw new Error(`notify-send failed: ${failureOf(error)}`, { cause: error })
      }
    },
    async describe() {
      const reason = missing()
      return { available: reason === null, mechanism: 'notify-send', ...(reason === null ? {} : { reason }) }
    },
  }
}

/** What has to be there before notify-send can reach a desktop; null when it is. */
function missingFor({ variables }: DesktopEnvironment): string | null {
  const path = variables['PATH'] ?? ''
  if (!path.split(delimiter).some((directory) => directory !== '' && isExecutable(join(directory, 'notify-send')))) {
    return 'notify-send was not found on PATH; install the package libnotify-bin (Debian, Ubuntu) or libnotify'
  }
  const runtime = variables['XDG_RUNTIME_DIR']
  if (variables['DBUS_SESSION_BUS_ADDRESS'] || (runtime && existsSync(join(runtime, 'bus')))) return null
  return 'There is no D-Bus session (DBUS_SESSION_BUS_ADDRESS is not set): Belfry runs outside of a desktop session'
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const urgencies: Readonly<Record<DesktopNotification['severity'], string>> = {
  info: 'low',
  warning: 'normal',
  error: 'normal',
  critical: 'critical',
}

/** notify-send's arguments. The body is markup to most desktops, the title is not. */
function notifySendArguments({ title, body, severity, silent }: DesktopNotification): string[] {
  const sound = silent ? ['--hint=boolean:suppress-sound:true'] : []
  return ['--app-name=Belfry', `--urgency=${urgencies[severity]}`, ...sound, '--', oneLine(title), escapeMarkup(body)]
}

/** Text from a target must not become bold, a link or an image in a notification. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim() || 'Belfry'

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('killed' in error && error.killed === true) return `no answer within ${answersWithinMs / 1000} s`
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
  return said || error.message
}

function throughNodeNotifier(environment: DesktopEnvironment): Desktop {
  const mechanism = environment.platform === 'darwin' ? 'terminal-notifier' : 'SnoreToast'
  return {
    notify: ({ title, body, silent }) =>
      new Promise((resolve, reject) => {
        // An empty message is refused by node-notifier.
        const notification = { title: oneLine(title), message: body || ' ', sound: !silent, wait: false }
        notifier.notify(notification, (error) => {
          if (error) reject(new Error(`${mechanism} failed: ${error.message}`, { cause: error }))
          else resolve()
        })
      }),
    describe: async () => ({ available: true, mechanism }),
  }
}
