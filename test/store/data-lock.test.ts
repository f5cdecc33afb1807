import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acquireDataLock, readLockHolder } from '#main/store/data-lock.ts'
import { startChild } from './support/child.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

const since = Date.UTC(2026, 0, 5, 7, 30)
const holder = new URL('./support/lock-holder.ts', import.meta.url)

function acquire(directory: string) {
  const lock = acquireDataLock(directory, { host: 'electron', since })
  onTestFinished(() => lock.release())
  return lock
}

describe('the lock of a data directory', () => {
  it('keeps out a second process and says who holds it, since when and where', async () => {
    const directory = temporaryDirectory()
    const first = startChild(holder, [directory, 'http://127.0.0.1:4680/'])
    expect(await first.line()).toBe('held')
    const second = startChild(holder, [directory])
    const refusal = await second.line()
    expect(refusal).toBe(
      `conflict: Another Belfry uses the data directory ${directory}: process ${first.pid} (headless), since ` +
        '2026-01-05T00:00:00.000Z, reachable at http://127.0.0.1:4680/. Use that one or end it, or start this one with ' +
        'another --data directory.',
    )
    expect(() => acquire(directory)).toThrow(`process ${first.pid} (headless)`)
  })

  it('is free again when its process was killed, whatever its note says', async () => {
    const directory = temporaryDirectory()
    const first = startChild(holder, [directory])
    expect(await first.line()).toBe('held')
    await first.kill()
    // As if the number had gone to another, living process meanwhile.
    writeFileSync(
      join(directory, 'belfry.lock.json'),
      JSON.stringify({ pid: process.pid, host: 'electron', since, url: null }),
    )
    const second = startChild(holder, [directory])
    expect(await second.line()).toBe('held')
    expect(readLockHolder(directory)).toMatchObject({ pid: second.pid, host: 'headless' })
  })

  it('is free again when it was released, without a note left behind', async () => {
    const directory = temporaryDirectory()
    const first = startChild(holder, [directory])
    await first.line()
    expect(await first.finish()).toBe(0)
    expect(existsSync(join(directory, 'belfry.lock.json'))).toBe(false)
    acquire(directory)
  })

  it('keeps out a second start in the same process', () => {
    const directory = temporaryDirectory()
    const first = acquireDataLock(directory, { host: 'electron', since })
    expect(() => acquire(directory)).toThrow(`process ${process.pid} (electron)`)
    first.release()
    acquire(directory)
  })

  it('holds although others tried in vain', async () => {
    const directory = temporaryDirectory()
    const first = startChild(holder, [directory])
    await first.line()
    for (let attempt = 0; attempt < 3; attempt++) expect(() => acquire(directory)).toThrow('Another Belfry')
    expect(await startChild(holder, [directory]).line()).toMatch(/^conflict/)
  })

  it.each(['', 'no JSON', '{"pid": "many"}'])('stands without its note, such as %j', async (note) => {
    const directory = temporaryDirectory()
    const first = startChild(holder, [directory])
    await first.line()
    writeFileSync(join(directory, 'belfry.lock.json'), note)
    expect(() => acquire(directory)).toThrow('a process that is just starting')
  })

  it('makes the directory when it is missing, for its owner only', () => {
    const directory = join(temporaryDirectory(), 'deep', 'data')
    acquire(directory)
    expect(readdirSync(directory).sort()).toEqual(['belfry.lock', 'belfry.lock.json'])
    if (process.platform !== 'win32') expect(statSync(directory).mode & 0o777).toBe(0o700)
  })

  it('says what is wrong with a directory that cannot be one', () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    expect(() => acquire(file)).toThrow(expect.objectContaining({ code: 'unavailable' }))
    expect(() => acquire(join(file, 'data'))).toThrow('expected a directory that this user may write')
  })
})
