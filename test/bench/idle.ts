/**
 * What the console costs while nothing happens: the headless host as a process of its own, watching this machine and 20
 * HTTP checks once a minute, nobody looking. Runs what was built, for the sources bring a compiler along. Processor time and memory are read from /proc once it has settled.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ticksPerSecond } from '#main/collectors/linux/roots.ts'
import { headlessArguments } from '../../scripts/console-command.ts'
import type { Scenario } from './scenario.ts'

const checkCount = 20
const settleMs = 15_000
const measuredMs = 40_000

export const idle: Scenario = {
  name: 'idle',
  async run({ directory, note }) {
    if (process.platform !== 'linux') throw new Error('this scenario reads /proc: Linux only')
    const server = createServer((_, response) => response.end('ok')).unref()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await writeConfig(join(directory, 'config'), port)
    const console = await startConsole(directory)
    try {
      note(`settling for ${settleMs / 1000} s`)
      await sleep(settleMs)
      const before = look(console.pid)
      note(`measuring for ${measuredMs / 1000} s`)
      await sleep(measuredMs)
      const after = look(console.pid)
      return [
        {
          what: `this machine and ${checkCount} checks, processor`,
          unit: '% of one core',
          belfry: ((after.cpuMs - before.cpuMs) / measuredMs) * 100,
          goal: { atMost: 1 },
        },
        {
          what: `this machine and ${checkCount} checks, resident memory`,
          unit: 'MiB',
          belfry: after.residentMebibytes,
          goal: { atMost: 150 },
        },
      ]
    } finally {
      await console.end()
      server.close()
    }
  },
}

async function writeConfig(directory: string, port: number): Promise<void> {
  await mkdir(directory, { recursive: true })
  const checks = Array.from(
    { length: checkCount },
    (_, index) => `  - { name: check ${index}, kind: http, config: { url: "http://127.0.0.1:${port}/${index}" } }\n`,
  )
  await writeFile(join(directory, 'belfry.yaml'), `checks:\n${checks.join('')}`)
}

/** Resolves once the host says where it can be opened. */
async function startConsole(directory: string): Promise<{ readonly pid: number; end(): Promise<void> }> {
  const places = ['--data', join(directory, 'data'), '--config', join(directory, 'config')]
  const child: ChildProcess = spawn(process.execPath, headlessArguments(['--no-open', '--port', '0', ...places]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const spoke = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()))
  await Promise.race([spoke, ended])
  const { pid } = child
  if (pid === undefined || child.exitCode !== null) throw new Error('the headless host did not start')
  return {
    pid,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Source: man 5 proc_pid_stat, columns 14 and 15; proc_pid_status, VmRSS. */
function look(pid: number): { cpuMs: number; residentMebibytes: number } {
  const columns = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticks = Number(columns[11]) + Number(columns[12])
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return { cpuMs: (ticks * 1000) / ticksPerSecond, residentMebibytes: kibibytes / 1024 }
}
