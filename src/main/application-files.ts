/** What ships with Belfry, found from the running file: sources, the bundle and a packaged application differ in depth. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

export interface ApplicationFiles {
  readonly version: string
  /** The built page; may not exist in a checkout that was never built. */
  readonly pageDir: string
  readonly preloadFile: string
  /** Icons and shipped rules. */
  readonly resourcesDir: string
}

const Manifest = z.object({ name: z.literal('belfry'), version: z.string() })

/** Throws when the file does not belong to Belfry. */
export function applicationFiles(startDir: string = import.meta.dirname): ApplicationFiles {
  const root = rootAbove(startDir)
  return {
    version: Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version,
    pageDir: join(root, 'out', 'renderer'),
    preloadFile: join(root, 'out', 'preload', 'index.cjs'),
    resourcesDir: join(root, 'resources'),
  }
}

function rootAbove(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory
  const parent = dirname(directory)
  if (parent === directory) throw new Error('expected package.json above the running file, found none')
  return rootAbove(parent)
}
