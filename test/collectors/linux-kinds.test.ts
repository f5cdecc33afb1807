import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Collector } from '#main/collectors/kind.ts'
import { linuxCpu } from '#main/collectors/kinds/cpu.ts'
import { linuxDisks } from '#main/collectors/kinds/disks.ts'
import { linuxIdentity } from '#main/collectors/kinds/identity.ts'
import { linuxKernel } from '#main/collectors/kinds/kernel.ts'
import { linuxLoad } from '#main/collectors/kinds/load.ts'
import { linuxMemory } from '#main/collectors/kinds/memory.ts'
import { linuxNetwork } from '#main/collectors/kinds/network.ts'
import type { LinuxRoots } from '#main/collectors/linux/roots.ts'
import { fakeTime } from '#test/support/fake-time.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-linux-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const roots = (): LinuxRoots => ({
  proc: join(directory, 'proc'),
  sys: join(directory, 'sys'),
  etc: join(directory, 'etc'),
})
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}
const run = (collector: Collector) => collector.collect(new AbortController().signal)
const { clock } = fakeTime()

const tables: readonly (readonly [title: string, table: string, create: (roots: LinuxRoots) => Collector])[] = [
  ['cpu', 'proc/stat', linuxCpu],
  ['load', 'proc/loadavg', (at) => linuxLoad(clock, at)],
  ['memory', 'proc/meminfo', linuxMemory],
  ['network', 'proc/net/dev', linuxNetwork],
  ['disks', 'proc/diskstats', linuxDisks],
  ['kernel', 'proc/net/sockstat', linuxKernel],
]

describe('a collector of a Linux table', () => {
  it.each(tables)('says that %s has no table, and gives no sample for it', async (_, table, create) => {
    const { samples, problems } = await run(create(roots()))
    expect(problems).toContain(`${join(directory, table)}: ENOENT (no such file or directory)`)
    expect(samples.filter(({ name }) => name !== 'node_time_seconds')).toEqual([])
  })

  it.each(tables)('says that the table of %s is not understood', async (_, table, create) => {
    put(table, 'garbage\n')
    expect((await run(create(roots()))).problems).toContain(
      `${join(directory, table)} holds nothing that could be understood`,
    )
  })

  it('does without tables that not every kernel has', async () => {
    put('proc/sys/fs/file-nr', '1 0 2\n')
    put('proc/net/sockstat', 'sockets: used 3\n')
    expect(await run(linuxKernel(roots()))).toMatchObject({ problems: [], samples: { length: 3 } })
  })

  it('holds a processor counter that steps back a little', async () => {
    const collector = linuxCpu(roots())
    const idleOf = async (ticks: number) => {
      put('proc/stat', `cpu0 0 0 0 ${ticks}\n`)
      const { samples } = await run(collector)
      return samples.find(({ labels }) => labels['mode'] === 'idle')?.value
    }
    expect(await idleOf(1000)).toBe(10)
    expect(await idleOf(998)).toBe(10)
    expect(await idleOf(1100)).toBe(11)
  })
})

describe('the identity of a machine', () => {
  it('is told in labels, with what could not be read left empty and said', async () => {
    put('proc/sys/kernel/hostname', 'web-1\n')
    put('etc/os-release', 'ID=debian\nPRETTY_NAME="Debian 12"\n')
    const { samples, problems } = await run(linuxIdentity(roots()))
    expect(samples.map(({ name, labels }) => [name, labels['nodename'] ?? labels['pretty_name']])).toEqual([
      ['node_uname_info', 'web-1'],
      ['node_os_info', 'Debian 12'],
    ])
    expect(problems).toHaveLength(4)
  })
})
