/**
 * An append-only text file that is rotated by size. Each line is handed to the system before `write` returns, so a
 * crash of the process loses none. When the disk refuses, lines wait in memory and go first once it takes them again;
 * only beyond the memory's limit are the oldest dropped, and the file then says how many.
 */
import { closeSync, mkdirSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'

export interface RotatingFile {
  /** One line, its line end included. Never throws. */
  write(line: string): void
  /** Why lines are waiting in memory; null while the disk takes them. */
  trouble(): string | null
  close(): void
}

export interface RotatingFileOptions {
  readonly path: string
  /** The file in use is rotated before it would grow beyond this. */
  readonly maxBytes: number
  /** Files kept in all: `belfry.log`, `belfry.log.1` (the next older) and so on. */
  readonly files: number
  readonly maxWaitingBytes?: number
  /** How long a refusing disk is left alone: asking at every line would slow the console down. */
  readonly retryAfterMs?: number
  /** What to write for lines that had to be dropped, line end included. */
  readonly droppedLine: (count: number) => string
}

export function openRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { path, maxBytes, files, maxWaitingBytes = 1024 * 1024, retryAfterMs = 1000 } = options
  let descriptor: number | null = null
  let sizeBytes = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let dropped = 0
  let failure: { readonly text: string; readonly atMs: number } | null = null

  function open(): number {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const opened = openSync(path, 'a', 0o600)
    sizeBytes = statSync(path).size
    return opened
  }

  function rotate(): void {
    if (descriptor !== null) closeSync(descriptor)
    descriptor = null
    removeIfThere(`${path}.${files - 1}`)
    for (let age = files - 2; age >= 1; age--) renameIfThere(`${path}.${age}`, `${path}.${age + 1}`)
    if (files > 1) renameIfThere(path, `${path}.1`)
    else removeIfThere(path)
  }

  /** Writes all of it, or throws; what a failing call wrote before it failed is not written again. */
  function append(bytes: Buffer): void {
    descriptor ??= open()
    if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
      rotate()
      descriptor = open()
    }
    let done = 0
    try {
      while (done < bytes.length) {
        const count = writeSync(descriptor, bytes, done)
        done += count
        sizeBytes += count
      }
    } catch (error) {
      if (done > 0) waiting[0] = bytes.subarray(done)
      waitingBytes -= done
      throw error
    }
  }

  function drain(): void {
    if (failure !== null && performance.now() - failure.atMs < retryAfterMs) return
    try {
      while (waiting[0]) {
        append(waiting[0])
        waitingBytes -= waiting[0].length
        waiting.shift()
      }
      failure = null
      if (dropped === 0) return
      const note = Buffer.from(options.droppedLine(dropped))
      dropped = 0
      enqueue(note)
      drain()
    } catch (error) {
      failure = { text: systemErrorText(error), atMs: performance.now() }
      closeQuietly() // So that the next try opens the path anew: the file may have been moved or its disk replaced.
    }
  }

  function closeQuietly(): void {
    const open = descriptor
    descriptor = null
    try {
      if (open !== null) closeSync(open)
    } catch (error) {
      failure ??= { text: systemErrorText(error), atMs: performance.now() }
    }
  }

  function enqueue(bytes: Buffer): void {
    waiting.push(bytes)
    waitingBytes += bytes.length
    while (waitingBytes > maxWaitingBytes && waiting.length > 1) {
      // The second: the first may stand half in the file already, and must be completed.
      const [oldest] = waiting.splice(1, 1)
      waitingBytes -= oldest?.length ?? 0
      dropped++
    }
  }

  return {
    write(line) {
      enqueue(Buffer.from(line))
      drain()
    },
    trouble: () => failure?.text ?? null,
    close() {
      failure = null
      drain()
      closeQuietly()
      waiting = []
      waitingBytes = 0
    },
  }
}

function renameIfThere(from: string, to: string): void {
  ifThere(() => renameSync(from, to))
}

function removeIfThere(path: string): void {
  ifThere(() => unlinkSync(path))
}

function ifThere(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
}
