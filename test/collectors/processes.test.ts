import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseProcessStat } from '#main/collectors/linux/process-stat.ts'
import { systemRoots } from '#main/collectors/linux/roots.ts'
import { neverBackwards } from '#main/collectors/never-backwards.ts'
import { linuxProcesses } from '#main/collectors/processes/linux-processes.ts'
import type { ProcessSource, SourcedProcess } from '#main/collectors/processes/process-source.ts'
import { watchProcesses } from '#main/collectors/processes/process-watch.ts'
import { shownCommand, topCount, topProcesses, turnover } from '#main/collectors/processes/top-processes.ts'
import { fakeTime } from '#test/support/fake-time.ts'

const one = (pid: number, cpuSeconds: number, residentBytes = 0, start = 0): SourcedProcess => ({
  pid,
  identity: `${pid}/${start}`,
  cpuSeconds,
  toldCpuRatio: null,
  residentBytes,
  threads: 2,
  state: 'S',
})

describe('topProcesses', () => {
  it('orders by use between the looks, and knows none of a process that is new', () => {
    const before = { atMs: 0, processes: [one(1, 10), one(2, 100), one(3, 5, 0, 7)] }
    const now = { atMs: 2000, processes: [one(1, 13), one(2, 101), one(3, 9, 0, 8)] }
    expect(topProcesses(before, now).map(({ process, cpuRatio }) => [process.pid, cpuRatio])).toEqual([
      [1, 1.5],
      [2, 0.5],
      [3, null],
    ])
  })

  it('takes the top by processor and the top by memory, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { maxLength: 120 }), (all) => {
        const processes = all.map(([cpu, memory], pid) => one(pid, cpu, memory))
        const top = topProcesses(null, { atMs: 0, processes }).map(({ process }) => process)
        expect(new Set(top).size).toBe(top.length)
        expect(top.length).toBeLessThanOrEqual(2 * topCount)
        const largest = Math.max(0, ...processes.map(({ residentBytes }) => residentBytes))
        const busiest = Math.max(0, ...processes.map(({ cpuSeconds }) => cpuSeconds ?? 0))
        if (processes.length === 0) return
        expect(top.some(({ residentBytes }) => residentBytes === largest)).toBe(true)
        expect(top[0]?.cpuSeconds).toBe(busiest)
      }),
    )
  })
})

describe('turnover', () => {
  it('counts a process that took the pid of another as an end and a start', () => {
    const look = (...processes: SourcedProcess[]) => ({ atMs: 0, processes })
    expect(turnover(look(one(1, 0), one(2, 0)), look(one(1, 0), one(2, 0, 0, 9), one(3, 0)))).toEqual({
      started: 2,
      ended: 1,
    })
  })
})

describe('shownCommand', () => {
  it.each([
    ['psql\0postgres://me:hunter2@db/x\0', 'psql postgres://[hidden]@db/x'],
    ['run --password=abc --db-token def -v', 'run --password=[hidden] --db-token [hidden] -v'],
    ['\x1b[31mred\n', '[31mred'],
  ])('shows %j as %j', (command, shown) => {
    expect(shownCommand(command)).toBe(shown)
  })
})

describe('neverBackwards', () => {
  const counter = (value: number) => ({ name: 'c', labels: { cpu: '0' }, value })

  it('holds a small step back, and lets a restart through', () => {
    const corrected = neverBackwards()
    const values = [10, 9.99, 10.5, 2, 3].map((value) => corrected([counter(value)])[0]?.value)
    expect(values).toEqual([10, 10, 10.5, 2, 3])
  })
})

describe('watchProcesses', () => {
  it('says why there is no snapshot, and keeps the last one', async () => {
    let fails = false
    const source: ProcessSource<SourcedProcess> = {
      list: async () => {
        if (fails) throw new Error('ps is missing')
        return [one(1, 1)]
      },
      rows: () => [],
    }
    const watch = watchProcesses(fakeTime().clock, source)
    expect(watch.snapshot()).toEqual({ at: null, total: 0, processes: [], problem: null })
    const signal = new AbortController().signal
    expect((await watch.collect(signal)).samples.map(({ name, value }) => [name, value])).toEqual([
      ['node_processes_pids', 1],
      ['node_processes_threads', 2],
      ['node_processes_state', 1],
      ['belfry_processes_started_total', 0],
      ['belfry_processes_ended_total', 0],
    ])
    fails = true
    expect(await watch.collect(signal)).toEqual({ samples: [], problems: ['ps is missing'] })
    expect(watch.snapshot()).toMatchObject({ total: 1, problem: 'ps is missing' })
  })

  it.skipIf(process.platform !== 'linux')('sees a real process come, work and go', async () => {
    const time = fakeTime()
    const watch = watchProcesses(time.clock, linuxProcesses(systemRoots))
    const signal = new AbortController().signal
    await watch.collect(signal)
    const child = spawn(process.execPath, ['-e', 'console.log(1); for(;;);', '--', '--secret=abc'])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await watch.collect(signal)
    const ticks = () => parseProcessStat(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))?.cpuTicks ?? 0
    const ticksBefore = ticks()
    await expect.poll(ticks, { timeout: 15_000 }).toBeGreaterThan(ticksBefore + 5)
    await time.advance(1000)
    await watch.collect(signal)
    const row = watch.snapshot().processes.find(({ pid }) => pid === child.pid)
    expect(row).toMatchObject({ parentPid: process.pid, state: 'running' })
    expect(row?.command).toContain('--secret=[hidden]')
    expect(row?.cpuRatio).toBeGreaterThan(0)
    expect(Math.abs((row?.startedAt ?? 0) - Date.now())).toBeLessThan(10_000)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const { samples } = await watch.collect(signal)
    const ended = samples.find(({ name }) => name === 'belfry_processes_ended_total')
    expect(ended?.value).toBeGreaterThan(0)
  })
})
