/**
 * Belfry begins with the desktop session, if the settings want it, with its window hidden. macOS and Windows keep a list
 * of such programs; on Linux it is an entry of the freedesktop.org autostart specification, a file of its own.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { app } from 'electron'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'

/** Given at such a start: no window comes up until somebody asks for it. */
const hiddenArgument = '--hidden'

export interface AutostartOptions {
  readonly platform: NodeJS.Platform
  /** The installed program; an AppImage runs from a place that is gone after it, so its own file is given. */
  readonly program: string
  readonly logger: Logger
}

/** Makes the system's list agree with what is wanted. A checkout that is being developed puts itself on no list. */
export async function setAutostart(isWanted: boolean, { platform, program, logger }: AutostartOptions): Promise<void> {
  if (!app.isPackaged) return
  try {
    if (platform !== 'linux') app.setLoginItemSettings({ openAtLogin: isWanted, args: [hiddenArgument] })
    else if (isWanted) await writeDurably(entryFile(), entryOf(program), 0o644)
    else await rm(entryFile(), { force: true })
  } catch (error) {
    logger.warn('whether Belfry starts with the session could not be set', { isWanted, error })
  }
}

function entryFile(): string {
  return join(app.getPath('appData'), 'autostart', 'belfry.desktop')
}

/** Source: freedesktop.org, Desktop Entry Specification 1.5, "The Exec key". */
function entryOf(program: string): string {
  const quoted = program.replace(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Belfry',
    'Comment=Watches, keeps history, and rings',
    // A backslash in a value of the file is written twice.
    `Exec="${quoted.replaceAll('\\', String.raw`\\`)}" ${hiddenArgument}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}
