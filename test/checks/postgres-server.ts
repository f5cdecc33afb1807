/** A real PostgreSQL of its own, in a directory of its own, on a free port. It refuses to run as root, so it does not. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '#test/support/free-port.ts'

/** As in `postgresql.conf`, such as `max_connections=5`. */
type Settings = readonly string[]

export interface PostgresServer {
  readonly port: number
  /** Answers once connections are taken, or refused with a reason. */
  restart(settings: Settings): Promise<void>
  /** At once, as when it crashes; `restart` brings it back. */
  stop(): Promise<void>
  write(name: string, text: string): void
  close(): Promise<void>
}

/** The directory of the server's own programs; null where there is none. */
export function postgresPrograms(): string | null {
  try {
    const found = execFileSync('sh', ['-c', 'command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl'], {
      encoding: 'utf8',
    })
    return dirname(realpathSync(found.split('\n', 1)[0] ?? ''))
  } catch {
    return null
  }
}

export async function postgresServer(password: string, settings: Settings): Promise<PostgresServer> {
  const programs = postgresPrograms() ?? ''
  const directory = mkdtempSync(join(tmpdir(), 'belfry-postgres-'))
  const owner = process.getuid?.() === 0 ? postgresOwner() : {}
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(directory, owner.uid, owner.gid)
  const data = join(directory, 'data')
  const write = (name: string, text: string) => {
    const file = join(directory, name)
    writeFileSync(file, text, { mode: 0o600 })
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(file, owner.uid, owner.gid)
    chmodSync(file, 0o600)
  }
  write('password', password)
  const own = { ...owner, cwd: directory, stdio: 'pipe' as const, env: { PATH: process.env['PATH'], LC_ALL: 'C' } }
  const made = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', join(directory, 'password'), '-N']
  execFileSync(join(programs, 'initdb'), [...made, '-E', 'UTF8', '--no-instructions'], own)
  const port = await freePort()
  let stop = async () => {}
  const start = async (more: Settings) => {
    const all = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`, ...more]
    const options = all.flatMap((one) => ['-c', one])
    const child = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...options], own)
    stop = async () => {
      stop = async () => {}
      const exited = once(child, 'exit')
      child.kill('SIGQUIT')
      await exited
    }
    const isThere = more.includes('hot_standby=off') ? /consistent recovery state/ : /ready to accept/
    const lines: string[] = []
    child.stdout.resume()
    for await (const line of createInterface({ input: child.stderr })) {
      lines.push(line)
      if (isThere.test(line)) {
        child.stderr.resume()
        return
      }
    }
    throw new Error(`PostgreSQL did not start:\n${lines.join('\n')}`)
  }
  await start(settings)
  return {
    port,
    write: (name, text) => write(join('data', name), text),
    stop: () => stop(),
    async restart(more) {
      await stop()
      await start(more)
    },
    async close() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function postgresOwner(): { uid?: number; gid?: number } {
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
