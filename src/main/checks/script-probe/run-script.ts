/**
 * A program of the operator as a process group of its own: an argument list, never a shell; nothing of Belfry's
 * environment but what was named; output capped; the whole group ended with the deadline, and with its leader.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { ScriptConfig } from './config.ts'

export type ScriptRun =
  | { readonly kind: 'exited'; readonly code: number; readonly output: Buffer }
  | { readonly kind: 'killed'; readonly signal: string; readonly output: Buffer }
  | { readonly kind: 'aborted'; readonly output: Buffer }
  /** ENOENT, EACCES and their like. */
  | { readonly kind: 'not-started'; readonly code: string }

const mostOutputBytes = 65_536
/** Without these hardly any program runs. */
const alwaysPassed = ['PATH', 'HOME', 'USER', 'SystemRoot', 'PATHEXT', 'TEMP', 'TMP']

export interface ScriptProcess extends Pick<ScriptConfig, 'command' | 'cwd' | 'environment' | 'secret'> {
  /** Handed over with those that are named. */
  readonly variables?: Readonly<Record<string, string>>
  /** What it says of itself on standard error is no answer. */
  readonly isOutputOnly?: boolean
}

/** Never rejects. */
export function runScript(config: ScriptProcess, signal: AbortSignal): Promise<ScriptRun> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'aborted', output: Buffer.alloc(0) })
    const child = started(config)
    if (typeof child === 'string') return resolve({ kind: 'not-started', code: child })
    const chunks: Buffer[] = []
    let keptBytes = 0
    let ended: Extract<ScriptRun, { kind: 'exited' | 'killed' }> | null = null
    const output = () => Buffer.concat(chunks)
    const take = (chunk: Buffer) => {
      // What is too much is taken off the pipe all the same, or the program would wait for ever.
      const kept = chunk.subarray(0, mostOutputBytes - keptBytes)
      keptBytes += kept.length
      if (kept.length > 0) chunks.push(kept)
    }
    const settle = (run: ScriptRun) => {
      signal.removeEventListener('abort', abort)
      child.stdout?.destroy()
      child.stderr?.destroy()
      resolve(run)
    }
    const abort = () => {
      endGroup(child)
      settle(ended ?? { kind: 'aborted', output: output() })
    }
    signal.addEventListener('abort', abort, { once: true })
    // First of all: an error nobody listens for would end Belfry.
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle({ kind: 'not-started', code: error.code ?? error.message }),
    )
    // Without free descriptors there are no pipes, whatever the types say.
    child.stdout?.on('data', take)
    if (config.isOutputOnly) child.stderr?.resume()
    else child.stderr?.on('data', take)
    child.on('exit', (code, killedBy) => {
      // Children it left behind would hold the pipe open.
      endGroup(child)
      ended =
        code === null
          ? { kind: 'killed', signal: killedBy ?? '', output: output() }
          : { kind: 'exited', code, output: output() }
    })
    child.on('close', () => ended !== null && settle({ ...ended, output: output() }))
  })
}

/** The code of the failure where it could not even be tried. */
function started(config: ScriptProcess): ChildProcess | string {
  const [program = '', ...rest] = config.command
  try {
    return spawn(program, rest, {
      cwd: config.cwd === '' ? '/' : config.cwd,
      env: environmentOf(config),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all of it can be ended.
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
    })
  } catch (error) {
    // Such as E2BIG or EINVAL, which are thrown and not told.
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

function environmentOf({ environment, secret, variables }: ScriptProcess): NodeJS.ProcessEnv {
  const passed = [...alwaysPassed, ...environment].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(passed),
    LC_ALL: 'C',
    ...variables,
    ...(secret === '' ? {} : { BELFRY_SECRET: secret }),
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // There is nobody left in it, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
