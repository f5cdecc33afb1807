/**
 * The files of the configuration as they stand on disk: belfry.yaml, then conf.d/*.yaml by name. A path may lead to
 * anything (a pipe that never ends, a directory, a file that goes while it is read), so only a plain file of a sensible
 * size is read, and whatever else stands there is a problem of its own.
 */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stampOf } from '#main/files/file-stamp.ts'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import type { ConfigProblem } from './config-file.ts'
import { maxConfigBytes } from './parse-yaml.ts'
import type { SourceText } from './read-config.ts'

export const mainFileName = 'belfry.yaml'
export const partsDirectory = 'conf.d'
/** More is a mistake, such as a link to the root of a disk. */
const mostParts = 2000

export interface FoundSources {
  /** In the order in which they count. */
  readonly sources: readonly SourceText[]
  /** Files that are there and cannot be read. */
  readonly unreadable: readonly ConfigProblem[]
}

export async function findSources(directory: string): Promise<FoundSources> {
  const { files, unreadable } = await sourcePaths(directory)
  const sources: SourceText[] = []
  const problems = [...unreadable]
  let leftBytes = maxConfigBytes
  for (const file of files) {
    const read = await readPlainFile(file, leftBytes)
    if (read === null) continue
    if ('problem' in read) problems.push(problemOf(file, read.problem, read.line))
    else {
      leftBytes -= read.bytes
      sources.push({ file, text: read.text })
    }
  }
  return { sources, unreadable: problems }
}

/** Changes when any of the files may have; costs no reading. */
export async function sourcesStamp(directory: string): Promise<string> {
  const { files } = await sourcePaths(directory)
  return stampOf(files)
}

async function sourcePaths(directory: string): Promise<{ files: string[]; unreadable: ConfigProblem[] }> {
  const main = join(directory, mainFileName)
  const parts = join(directory, partsDirectory)
  try {
    const names = (await readdir(parts)).filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort()
    const taken = names.slice(0, mostParts).map((name) => join(parts, name))
    if (names.length <= mostParts) return { files: [main, ...taken], unreadable: [] }
    const message = `expected at most ${mostParts} files, came ${names.length}: is this the right directory?`
    return { files: [main], unreadable: [problemOf(parts, message)] }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { files: [main], unreadable: [] }
    return { files: [main], unreadable: [problemOf(parts, `The directory cannot be read: ${systemErrorText(error)}.`)] }
  }
}

function problemOf(file: string, message: string, line: number | null = null): ConfigProblem {
  return { file, line, path: '', message }
}

type Read = { readonly text: string; readonly bytes: number } | { readonly problem: string; readonly line?: number }

/** Null when there is no file. */
export async function readPlainFile(file: string, mostBytes: number): Promise<Read | null> {
  let handle: FileHandle | null = null
  try {
    // A pipe without a writer would hold up the one who opens it.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stats = await handle.stat()
    if (!stats.isFile()) return { problem: `expected a file, came ${kindOf(stats)}.` }
    const tooLarge = (bytes: number) => ({
      problem: `expected at most ${mostBytes} bytes, came ${bytes}: is this the right file?`,
    })
    if (stats.size > mostBytes) return tooLarge(stats.size)
    // It may grow while it is read.
    const bytes = Buffer.alloc(Math.min(mostBytes, stats.size + 65_536) + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null)
      length += bytesRead
      if (bytesRead === 0 || length === bytes.length) break
    }
    return length > mostBytes ? tooLarge(length) : decoded(bytes.subarray(0, length))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    return { problem: `The file cannot be read: ${systemErrorText(error)}.` }
  } finally {
    await handle?.close()
  }
}

function decoded(bytes: Uint8Array): Read {
  const decoder = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return { text: decoder().decode(bytes), bytes: bytes.length }
  } catch {
    // TypeError is TextDecoder's way to say that this is no UTF-8; the line is looked for only then.
    const lines = Buffer.from(bytes).toString('latin1').split('\n')
    const wrong = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')))
    return { problem: 'expected text in UTF-8, came other bytes: save the file as UTF-8.', line: wrong + 1 }
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false // As above.
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}
