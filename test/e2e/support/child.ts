/** Child processes of a test: started, watched line by line, and ended by pid. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Child {
  readonly process: ChildProcess
  /** All lines so far, of both outputs. */
  readonly lines: readonly string[]
  /** Resolves with the first line, past or to come, that matches; rejects when the child ends before or time is up. */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>
  /** Sends the signal and resolves when the child is gone. */
  end(signal?: NodeJS.Signals): Promise<void>
}

const defaultTimeoutMs = 30_000

export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let ended: string | null = null
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      wake()
    })
  }
  child.on('error', (error) => {
    ended = error.message
    wake()
  })
  child.on('close', (code, signal) => {
    ended = `ended with ${code ?? signal}`
    wake()
  })
  return {
    process: child,
    lines,
    line(pattern, timeoutMs = defaultTimeoutMs) {
      return new Promise((resolve, reject) => {
        const fail = (why: string) =>
          settle(() =>
            reject(new Error(`${command}: no line matches ${pattern}: ${why}\n${lines.slice(-30).join('\n')}`)),
          )
        const timer = setTimeout(() => fail(`not within ${timeoutMs} ms`), timeoutMs)
        const settle = (act: () => void) => {
          clearTimeout(timer)
          waiting.delete(look)
          act()
        }
        const look = () => {
          for (const line of lines) {
            const match = line.match(pattern)
            if (match) return settle(() => resolve(match))
          }
          if (ended !== null) fail(ended)
        }
        waiting.add(look)
        look()
      })
    },
    async end(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null || ended !== null) return
      const gone = once(child, 'close')
      child.kill(signal)
      await gone
    },
  }
}
