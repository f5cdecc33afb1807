/** An installed Chromium or Chrome: where CHROMIUM_PATH says, where they are usually put, or on the PATH. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Null when there is none that may be run. */
export function findBrowser(
  { platform, env }: Surroundings,
  isExecutable: (path: string) => boolean = mayRun,
): string | null {
  const wished = env['CHROMIUM_PATH']
  // What was asked for by name is not silently replaced by another.
  if (wished) return isExecutable(wished) ? wished : null
  return [...usualPlaces(platform, env), ...onPath(platform, env)].find(isExecutable) ?? null
}

function usualPlaces(platform: NodeJS.Platform, env: Surroundings['env']): string[] {
  switch (platform) {
    case 'darwin':
      return [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ]
    case 'win32':
      return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((root) =>
        root
          ? [
              `${root}\\Google\\Chrome\\Application\\chrome.exe`,
              `${root}\\Chromium\\Application\\chrome.exe`,
              `${root}\\Microsoft\\Edge\\Application\\msedge.exe`,
            ]
          : [],
      )
    default:
      return ['/usr/bin/chromium', '/usr/bin/google-chrome', '/opt/google/chrome/chrome', '/snap/bin/chromium']
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

function onPath(platform: NodeJS.Platform, env: Surroundings['env']): string[] {
  if (platform === 'win32') return []
  return (env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: the next place.
    return false
  }
}
