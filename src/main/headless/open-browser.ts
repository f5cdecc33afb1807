/** Opens a page in the person's browser, where there is a desktop to open it on. */
import { spawn } from 'node:child_process'
import type { Surroundings } from '#main/directories.ts'

/** The command that opens a URL; null where nobody would see it. */
export function browserCommand(
  { platform, env }: Pick<Surroundings, 'platform' | 'env'>,
  url: string,
): readonly [string, ...string[]] | null {
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : null
}

/** `onFailure` gets the reason when the opener itself cannot be started; the link was printed in any case. */
export function openBrowser(
  [command, ...args]: readonly [string, ...string[]],
  onFailure: (error: Error) => void,
): void {
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', onFailure)
  child.unref()
}
