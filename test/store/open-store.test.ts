import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore, type StoreOptions } from '#main/store/open-store.ts'
import type { Write } from '#main/store/state-store.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { startChild } from './support/child.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

const { clock } = fakeTime()
const storeProcess = new URL('./support/store-process.ts', import.meta.url)

async function open(directory: string, options: Partial<StoreOptions> = {}) {
  const store = await openStore({ directory, host: 'headless', logger: memoryLogger(), clock, ...options })
  onTestFinished(() => store.close().catch(() => {}))
  return store
}

const entry = (at: number): Write => ['audit.append', { at, actor: 'test', action: 'counted', subject: '', detail: {} }]

describe('the store', () => {
  it('keeps what was committed through its workers', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    expect(first.startReport).toMatchObject({ created: true, recovery: null })
    await Promise.all([first.state.commit([entry(1), entry(2)]), first.state.commit([entry(3)])])
    await first.close()
    const second = await open(directory)
    expect(second.startReport.created).toBe(false)
    expect(await second.state.ask('audit.verify', {})).toEqual({ entries: 3, brokenAt: null })
  })

  it('answers a question after the units sent before it', async () => {
    const { state } = await open(temporaryDirectory())
    const committed = Array.from({ length: 50 }, (_, index) => state.commit([entry(index)]))
    expect(await state.ask('audit.verify', {})).toEqual({ entries: 50, brokenAt: null })
    await Promise.all(committed)
  })

  it('shows a long question what was committed before it was asked', async () => {
    const { state } = await open(temporaryDirectory())
    for (let count = 1; count <= 5; count++) {
      await state.commit([entry(count)])
      expect(await state.askLong('audit.list', { before: null, limit: 10 })).toHaveLength(count)
    }
  })

  it('fails a wrong unit by itself, with the cause from the worker', async () => {
    const { state } = await open(temporaryDirectory())
    const token = {
      id: '1',
      name: 'grafana',
      role: 'viewer',
      secretHash: 'h',
      createdAt: 1,
      expiresAt: null,
      lastUsedAt: null,
    } as const
    const outcomes = await Promise.allSettled([
      state.commit([['token.insert', token]]),
      state.commit([entry(1), ['token.insert', { ...token, id: '2', secretHash: 'i' }]]),
      state.commit([entry(2)]),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { code: 'conflict' } })
    expect(await state.ask('audit.list', { before: null, limit: 10 })).toMatchObject([{ at: 2, sequence: 1 }])
  })

  it('commits what was under way when it is closed, and says so', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    const committed = Array.from({ length: 300 }, (_, index) => first.state.commit([entry(index)]))
    const closed = first.close()
    expect((await Promise.allSettled(committed)).every(({ status }) => status === 'fulfilled')).toBe(true)
    await closed
    await expect(first.state.commit([entry(301)])).rejects.toMatchObject({ code: 'unavailable' })
    expect(await (await open(directory)).state.ask('audit.verify', {})).toEqual({ entries: 300, brokenAt: null })
  })

  it('leaves its files whole and without logs when it is closed, however often it is told to', async () => {
    const directory = temporaryDirectory()
    const store = await open(directory)
    await store.state.commit([entry(1)])
    await Promise.all([store.close(), store.close()])
    expect(readdirSync(directory).filter((name) => /-wal$|-shm$|\.json$/.test(name))).toEqual([])
    const file = new Database(join(directory, 'belfry.db'), { readonly: true })
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok')
    file.close()
  })

  it('goes on when it cannot note where it can be reached', async () => {
    const directory = temporaryDirectory()
    const logger = memoryLogger()
    const store = await open(directory, { logger })
    const note = join(directory, 'belfry.lock.json')
    rmSync(note)
    mkdirSync(note)
    store.announce('http://127.0.0.1:4680/')
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { url: 'http://127.0.0.1:4680/' } }])
    await store.state.commit([entry(1)])
    rmSync(note, { recursive: true })
  })

  it('keeps a second start out, tells it where the first can be reached, and lets it in afterwards', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    first.announce('http://127.0.0.1:4680/')
    const second = startChild(storeProcess, [directory])
    expect(JSON.parse(await second.line())).toEqual({
      code: 'conflict',
      message: expect.stringContaining(
        `process ${process.pid} (headless), since 2026-01-05T00:00:00.000Z, reachable at http`,
      ),
    })
    await first.close()
    const third = startChild(storeProcess, [directory])
    expect(JSON.parse(await third.line())).toEqual({ opened: false })
  })

  it('lets go of the directory when it cannot start', async () => {
    const directory = temporaryDirectory()
    const future = new Database(join(directory, 'belfry.db'))
    future.exec('CREATE TABLE t (x); PRAGMA user_version = 999')
    future.close()
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(open(directory)).rejects.toMatchObject({
        code: 'unprocessable',
        message: expect.stringContaining('schema 999'),
      })
    }
  })

  it('says how much of the disk it takes', async () => {
    const store = await open(temporaryDirectory())
    const before = await store.usage()
    await store.state.commit([
      ['audit.append', { at: 1, actor: '', action: '', subject: 'x'.repeat(100_000), detail: {} }],
    ])
    const after = await store.usage()
    expect(after.stateBytes).toBeGreaterThanOrEqual(before.stateBytes + 100_000)
    expect(after).toMatchObject({ backupBytes: 0, setAsideBytes: 0, freeBytes: expect.any(Number) })
  })

  it('says so when a directory may not be written', async () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o555)
    onTestFinished(() => chmodSync(directory, 0o755))
    // Nothing is read-only for root: then the process runs as nobody.
    const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const child = startChild(storeProcess, [directory], unprivileged)
    expect(JSON.parse(await child.line())).toEqual({
      code: 'unavailable',
      message: expect.stringMatching(/cannot be written.*expected a directory that this user may write/),
    })
    expect(readdirSync(directory)).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('a file that may not grow any more', () => {
  it('refuses units as unavailable and loses none that it acknowledged', async () => {
    const directory = temporaryDirectory()
    const limited = startChild(storeProcess, [directory, 'fill'], { fileSizeLimitKiB: 2048 })
    expect(JSON.parse(await limited.line())).toEqual({ opened: true })
    const refused = JSON.parse(await limited.line())
    expect(refused).toMatchObject({ code: 'unavailable', kept: { entries: refused.at - 1, brokenAt: null } })
    expect(refused.at).toBeGreaterThan(5)
    await limited.kill()
    const store = await open(directory)
    expect(store.startReport.recovery).toBeNull()
    expect(await store.state.ask('audit.verify', {})).toEqual({ entries: refused.at - 1, brokenAt: null })
  })
})
