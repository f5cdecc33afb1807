/**
 * The whole console in this process, composed of the real adapters but for the desktop, behind a real listener: what an
 * attacker or a fuzzer meets. `fingerprint` holds all that a change would change.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openSystemPorts } from '#main/adapters/system-ports.ts'
import { compose } from '#main/compose.ts'
import type { Console } from '#main/console.ts'
import { type ConsoleListener, startConsoleListener } from '#main/http/console-listener.ts'
import type { Ports } from '#main/ports.ts'
import { memoryLogger, recordingDesktop } from './ports.ts'

const root = join(import.meta.dirname, '../..')
const liveAdminToken = 'an-admin-token-of-more-than-32-characters'

export interface LiveConsole {
  readonly console: Console
  readonly listener: ConsoleListener
  readonly ports: Ports
  readonly dataDir: string
  readonly configDir: string
  /** What Belfry wrote to its log. */
  readonly log: ReturnType<typeof memoryLogger>
  /** Configuration and stored state as texts, without what passes by itself: two that are equal mean that nothing changed. */
  fingerprint(): readonly string[]
  close(): Promise<void>
}

export interface LiveConsoleOptions {
  /** Content of belfry.yaml. */
  readonly config?: string
  /** Files of the page by name, such as `index.html`. */
  readonly page?: Readonly<Record<string, string>>
  /** How many times as fast as the world's its time runs, for what takes minutes; 1 by default. */
  readonly speed?: number
}

export async function openLiveConsole({
  config = '',
  page = {},
  speed = 1,
}: LiveConsoleOptions = {}): Promise<LiveConsole> {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-live-'))
  const [dataDir, configDir, pageDir] = ['data', 'config', 'page'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  for (const one of [configDir, join(pageDir, 'assets')]) mkdirSync(one, { recursive: true })
  writeFileSync(join(configDir, 'belfry.yaml'), config)
  for (const [name, text] of Object.entries(page)) writeFileSync(join(pageDir, name), text)

  const log = memoryLogger()
  const system = openSystemPorts(dataDir, () => recordingDesktop())
  const ports = { ...system.ports, ...atSpeed(system.ports, speed), logger: log }
  const version = '0.0.0'
  const console = await compose(ports, {
    ...{ dataDir, configDir, version },
    resourcesDir: join(root, 'resources'),
    host: 'headless',
    log: system.log,
  })
  const listener = await startConsoleListener({
    ...{ console, ports, pageDir, version },
    host: '127.0.0.1',
    port: 0,
    tls: null,
    allowedHosts: [],
    adminToken: liveAdminToken,
  })
  return {
    ...{ console, listener, ports, dataDir, configDir, log },
    fingerprint: () => [...configTexts(configDir), ...storedRows(dataDir)],
    async close() {
      await listener.close()
      await console.close()
      await system.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** From now on its clock runs so much faster, and its timers with it. */
function atSpeed({ clock, timers }: Pick<Ports, 'clock' | 'timers'>, speed: number): Pick<Ports, 'clock' | 'timers'> {
  if (speed === 1) return { clock, timers }
  const startedAt = clock.now()
  const startedMs = clock.monotonicMs()
  const passedMs = () => (clock.monotonicMs() - startedMs) * speed
  return {
    clock: { now: () => startedAt + Math.round(passedMs()), monotonicMs: () => startedMs + passedMs() },
    timers: {
      after: (delayMs, run) => timers.after(delayMs / speed, run),
      every: (intervalMs, run) => timers.every(intervalMs / speed, run),
    },
  }
}

function configTexts(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`)
}

/** Uses of tokens and sessions are noted by the hour and are no change that anybody asked for. */
const rowsThatMatter = [
  'SELECT sequence, actor, action, subject, detail FROM audit',
  'SELECT id, name, role, secret_hash, expires_at FROM token',
  'SELECT id_hash, role FROM session',
]

function storedRows(directory: string): string[] {
  const database = new Database(join(directory, 'belfry.db'), { readonly: true })
  try {
    return rowsThatMatter.flatMap((sql) =>
      database
        .prepare(sql)
        .all()
        .map((row) => JSON.stringify(row)),
    )
  } finally {
    database.close()
  }
}
