/** The system's ping as a child process: an argument list, never a shell; ended with the deadline; output capped. */
import { spawn } from 'node:child_process'

export interface PingRequest {
  /** An address, so that nothing in it can be an option or a name. */
  readonly address: string
  readonly family: 4 | 6
  readonly packets: number
  readonly replyTimeoutMs: number
}

export type PingRun =
  | { readonly kind: 'ended'; readonly output: string }
  /** It could not be started: no such program, no permission, no descriptors. */
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'aborted'; readonly output: string }

const maxOutputBytes = 65_536

export function commandFor(platform: NodeJS.Platform, request: PingRequest): { file: string; arguments: string[] } {
  const { address, family, packets, replyTimeoutMs } = request
  const seconds = String(Math.max(1, Math.ceil(replyTimeoutMs / 1000)))
  switch (platform) {
    case 'win32':
      return { file: 'ping', arguments: [`-${family}`, '-n', String(packets), '-w', String(replyTimeoutMs), address] }
    case 'darwin':
      return family === 6
        ? { file: 'ping6', arguments: ['-c', String(packets), address] }
        : { file: 'ping', arguments: ['-c', String(packets), '-W', String(replyTimeoutMs), address] }
    default:
      return { file: 'ping', arguments: ['-c', String(packets), '-W', seconds, address] }
  }
}

export function runPing(command: { file: string; arguments: string[] }, signal: AbortSignal): Promise<PingRun> {
  return new Promise((resolve) => {
    const child = spawn(command.file, command.arguments, {
      signal,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
    })
    let output = ''
    const take = (chunk: Buffer) => {
      if (output.length < maxOutputBytes) output += chunk.toString('utf8')
    }
    // First of all: an error nobody listens for would end Belfry.
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        signal.aborted ? { kind: 'aborted', output } : { kind: 'not-started', code: error.code ?? error.message },
      ),
    )
    // Without free descriptors there are no pipes, whatever the types say.
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('close', () => resolve(signal.aborted ? { kind: 'aborted', output } : { kind: 'ended', output }))
  })
}
