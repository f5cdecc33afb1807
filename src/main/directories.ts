/**
 * Where Belfry keeps things, by the customs of each system. Both hosts and the command line agree on it, so that a
 * window and a served console of the same person find the same history.
 */
import { posix, win32 } from 'node:path'

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
}

export interface Directories {
  readonly dataDir: string
  readonly configDir: string
}

/** What was asked for wins, then BELFRY_DATA and BELFRY_CONFIG, then the system's custom. */
export function directoriesOf(
  { platform, env, homeDir }: Surroundings,
  asked: { readonly data?: string | undefined; readonly config?: string | undefined } = {},
): Directories {
  const custom = customOf(platform, env, homeDir)
  return {
    dataDir: asked.data || env['BELFRY_DATA'] || custom.dataDir,
    configDir: asked.config || env['BELFRY_CONFIG'] || custom.configDir,
  }
}

function customOf(platform: NodeJS.Platform, env: Surroundings['env'], homeDir: string): Directories {
  if (platform === 'win32') {
    const roaming = env['APPDATA'] || win32.join(homeDir, 'AppData', 'Roaming')
    const local = env['LOCALAPPDATA'] || win32.join(homeDir, 'AppData', 'Local')
    return { dataDir: win32.join(local, 'Belfry', 'data'), configDir: win32.join(roaming, 'Belfry') }
  }
  if (platform === 'darwin') {
    const support = posix.join(homeDir, 'Library', 'Application Support', 'Belfry')
    return { dataDir: posix.join(support, 'data'), configDir: support }
  }
  // Source: XDG Base Directory Specification; it says to ignore relative paths.
  return {
    dataDir: posix.join(absolute(env['XDG_DATA_HOME']) ?? posix.join(homeDir, '.local', 'share'), 'belfry'),
    configDir: posix.join(absolute(env['XDG_CONFIG_HOME']) ?? posix.join(homeDir, '.config'), 'belfry'),
  }
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined
}
