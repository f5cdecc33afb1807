import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFilesystemReader, type Statfs } from '#main/collectors/linux/filesystems.ts'
import { fakeTime } from '#test/support/fake-time.ts'

let proc: string
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'belfry-proc-'))
  mkdirSync(join(proc, 'self'))
})
afterEach(() => rmSync(proc, { recursive: true, force: true }))

const stats = { bsize: 4096, blocks: 100, bfree: 50, bavail: 40, files: 10, ffree: 5 }
const never = new Promise<never>(() => {})

function reader(mounts: string, statfs: Statfs) {
  writeFileSync(join(proc, 'self/mounts'), mounts)
  const time = fakeTime()
  const read = createFilesystemReader(time.clock, { proc, sys: '/sys', etc: '/etc' }, statfs)
  /** Aborts when everything that answers has answered. */
  const readFor = async (ms: number) => {
    const abort = new AbortController()
    time.timers.after(ms, () => abort.abort())
    const reading = read(abort.signal)
    await time.advance(ms)
    return await reading
  }
  return { read: () => read(new AbortController().signal), readFor }
}

describe('createFilesystemReader', () => {
  it('tells sizes in bytes', async () => {
    const { read } = reader('/dev/sda1 / ext4 ro 0 0\nproc /proc proc rw 0 0\n', async () => stats)
    const { samples, problems } = await read()
    expect(problems).toEqual([])
    expect(samples.map(({ name, value }) => [name, value])).toEqual([
      ['node_filesystem_size_bytes', 409_600],
      ['node_filesystem_free_bytes', 204_800],
      ['node_filesystem_avail_bytes', 163_840],
      ['node_filesystem_files', 10],
      ['node_filesystem_files_free', 5],
      ['node_filesystem_readonly', 1],
      ['node_filesystem_device_error', 0],
    ])
    expect(samples[0]?.labels).toEqual({ device: '/dev/sda1', mountpoint: '/', fstype: 'ext4' })
  })

  it('tells which one cannot be read, and reads the others', async () => {
    const { read } = reader('a /a ext4 rw 0 0\nb /b ext4 rw 0 0\n', async (path) => {
      if (path === '/a') throw Object.assign(new Error('x'), { code: 'EIO' })
      return stats
    })
    const { samples, problems } = await read()
    expect(problems).toEqual(['/a: EIO (the device reported an input/output error)'])
    expect(samples.filter(({ name }) => name === 'node_filesystem_device_error').map(({ value }) => value)).toEqual([
      1, 0,
    ])
  })

  it('is not held up by a server that died, and asks it with one thread only', async () => {
    const asked: string[] = []
    const { readFor } = reader(
      'nas:/x /nas nfs4 rw 0 0\nnas:/y /more nfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n',
      (path) => {
        asked.push(path)
        return path === '/' ? Promise.resolve(stats) : never
      },
    )
    const first = await readFor(4000)
    expect(first.problems).toEqual(['/nas does not answer', '/more was not asked: /nas has not answered for 4 s'])
    const second = await readFor(4000)
    expect(second.problems).toEqual([
      '/nas has not answered for 4 s',
      '/more was not asked: /nas has not answered for 4 s',
    ])
    expect(second.samples.some(({ name }) => name === 'node_filesystem_size_bytes')).toBe(true)
    expect(asked).toEqual(['/', '/nas', '/'])
  })
})
