/** Debian's promtool, as a judge. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

const promtool = '/usr/bin/promtool'

export const hasPromtool = existsSync(promtool)

/** All that it prints, whatever its verdict. */
export async function judged(...args: string[]): Promise<string> {
  const answer = await promisify(execFile)(promtool, args, { maxBuffer: 64 * 2 ** 20 }).catch((error) => error)
  return `${answer.stdout}${answer.stderr}`
}
