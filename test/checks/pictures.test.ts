import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPictureStore, type PictureStore, startPictureRetention } from '#main/checks/pictures.ts'
import { fakePorts } from '#test/support/ports.ts'

let directory: string
let pictures: PictureStore
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'belfry-pictures-')), 'pictures')
  pictures = createPictureStore(directory)
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

/** A picture of so many bytes, taken at that second. */
async function taken(sizeBytes: number, second: number): Promise<string> {
  const name = await pictures.keep(new Uint8Array(sizeBytes))
  utimesSync(join(directory, name), second, second)
  return name
}

describe('pictures', () => {
  it('are found again by their name, and by nothing else', async () => {
    const name = await pictures.keep(new Uint8Array([1, 2, 3]))
    expect([...(await pictures.read(name))]).toEqual([1, 2, 3])
    for (const wrong of ['', '../belfry.db', `../pictures/${name}`, name.replace('.jpg', ''), `${name}/`, `/${name}`])
      await expect(pictures.read(wrong)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('are given up by age, and the oldest of those that are too many', async () => {
    const old = await taken(10, 100)
    const older = await taken(10, 200)
    const newest = await taken(10, 400)
    const newer = await taken(10, 300)
    await pictures.prune(150_000, 20)
    expect(readdirSync(directory).sort()).toEqual([newest, newer].sort())
    for (const gone of [old, older]) await expect(pictures.read(gone)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('are looked through once an hour, and none is no trouble', async () => {
    const ports = fakePorts()
    const stop = startPictureRetention(ports, pictures)
    await ports.time.advance(3_600_000)
    const name = await taken(1, 1)
    await ports.time.advance(3_600_000)
    await expect.poll(() => readdirSync(directory)).not.toContain(name)
    stop()
    expect(ports.logger.lines).toEqual([])
  })
})
