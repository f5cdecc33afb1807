import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { systemErrorText } from './system-error.ts'

/** A text that is another when any of the files may have changed; costs no reading. */
export async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(files.map(async (file) => `${file} ${stamp(await statOf(file))}`))
  return stamps.join('\n')
}

function stamp(stats: Stats | string): string {
  return typeof stats === 'string' ? stats : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
}

async function statOf(file: string): Promise<Stats | string> {
  try {
    return await stat(file)
  } catch (error) {
    return systemErrorText(error) // Gone, or not to be seen: another stamp than that of a file.
  }
}
