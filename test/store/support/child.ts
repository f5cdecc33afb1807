/** Runs a TypeScript file as a process of its own and speaks with it line by line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Child {
  readonly pid: number
  readonly process: ChildProcess
  /** The next line it prints; rejects with what it said on stderr when it ends before. */
  line(): Promise<string>
  /** Every whole line from here on, until its output has ended. */
  lines(): AsyncIterable<string>
  /** What it said on stderr. */
  complaints(): string
  /** Resolves once it has ended. */
  kill(): Promise<void>
  /** Resolves once it has ended by itself. */
  ended(): Promise<void>
  /** Ends its standard input and resolves with its exit code. */
  finish(): Promise<number | null>
}

export interface ChildOptions {
  readonly uid?: number
  readonly gid?: number
  /** No file may grow beyond it; a write that would fails, as on a full disk. */
  readonly fileSizeLimitKiB?: number
  /** Beside the test's own. */
  readonly env?: Readonly<Record<string, string>>
  /** A module that is imported before the file is, in every thread. */
  readonly before?: URL
}

/** The process is ended with the test. */
export function startChild(file: URL, args: readonly string[], options: ChildOptions = {}): Child {
  const { fileSizeLimitKiB, env, before, ...identity } = options
  const imports = before ? ['--import', before.href] : []
  const command = [process.execPath, ...imports, fileURLToPath(file), ...args]
  // The signal that comes with the limit would end the process; ignored, the write fails instead.
  const limit = `trap '' XFSZ; ulimit -f ${fileSizeLimitKiB}; exec "$@"`
  const [program = '', ...rest] = fileSizeLimitKiB ? ['bash', '-c', limit, 'bash', ...command] : command
  const child = spawn(program, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...identity,
  })
  const exited = once(child, 'exit')
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const reader = createInterface({ input: child.stdout })
  const lines = reader[Symbol.asyncIterator]()
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  return {
    pid: child.pid ?? 0,
    process: child,
    async line() {
      const next = await lines.next()
      if (next.done) throw new Error(`The process ended without another line. It said: ${complaints || 'nothing'}`)
      return next.value
    },
    lines: () => ({ [Symbol.asyncIterator]: () => lines }),
    complaints: () => complaints || 'nothing',
    kill,
    async ended() {
      await exited
    },
    async finish() {
      child.stdin.end()
      const [code] = await exited
      return code
    },
  }
}
