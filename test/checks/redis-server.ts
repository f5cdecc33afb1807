/** A real Redis of its own, in a directory of its own, on a free port. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '#test/support/free-port.ts'

export interface RedisServer {
  readonly port: number
  close(): Promise<void>
}

export function redisIsThere(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export async function redisServer(...options: string[]): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-redis-'))
  const port = await freePort()
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--daemonize', 'no']
  const child = spawn('redis-server', [...own, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  let isReady = false
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    isReady = /Ready to accept connections/.test(line)
    if (isReady) break
  }
  child.stdout.resume()
  if (!isReady) throw new Error(`redis-server did not start:\n${lines.join('\n')}`)
  return {
    port,
    async close() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
