/** The built headless console as a process of its own, with its data in a directory of the scenario's. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ticksPerSecond } from '#main/collectors/linux/roots.ts'
import { headlessArguments } from '../../scripts/console-command.ts'

export interface ConsoleProcess {
  readonly pid: number
  readonly child: ChildProcess
  /** Such as `http://127.0.0.1:43123`. */
  readonly origin: string
  end(): Promise<void>
}

/** Where the console of a scenario keeps its samples and states. */
export const dataDirectory = (directory: string): string => join(directory, 'data')

/** Resolves once the host says where it can be opened. `token` is an administrator's; `nodeArguments` come before the entry. */
export async function startConsole(options: {
  readonly directory: string
  /** Content of belfry.yaml. */
  readonly config: string
  readonly nodeArguments?: readonly string[]
  readonly token?: string
}): Promise<ConsoleProcess> {
  const { directory, config, nodeArguments = [], token } = options
  const configDirectory = join(directory, 'config')
  await mkdir(configDirectory, { recursive: true })
  await writeFile(join(configDirectory, 'belfry.yaml'), config)
  const places = ['--data', dataDirectory(directory), '--config', configDirectory]
  const child = spawn(
    process.execPath,
    [...nodeArguments, ...headlessArguments(['--no-open', '--port', '0', ...places])],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: token === undefined ? process.env : { ...process.env, BELFRY_TOKEN: token },
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const spoke = new Promise<string>((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(`${data}`)))
  const origin = /https?:\/\/[^/\s]+/.exec((await Promise.race([spoke, ended])) ?? '')?.[0]
  const { pid } = child
  if (pid === undefined || origin === undefined) {
    child.kill('SIGTERM')
    throw new Error('the headless host did not start')
  }
  return {
    pid,
    child,
    origin,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Source: man 5 proc_pid_stat, columns 14 and 15; proc_pid_status, VmRSS. Throws where there is no /proc. */
export function lookAt(pid: number): { cpuMs: number; residentMebibytes: number } {
  const columns = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticks = Number(columns[11]) + Number(columns[12])
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return { cpuMs: (ticks * 1000) / ticksPerSecond, residentMebibytes: kibibytes / 1024 }
}

/** `count` HTTP checks of the server, `every` being written as belfry.yaml does. */
export function httpChecks(count: number, port: number, every?: string): string {
  const interval = every === undefined ? '' : `every: ${every}, `
  const checks = Array.from(
    { length: count },
    (_, index) =>
      `  - { name: check ${index}, kind: http, ${interval}config: { url: "http://127.0.0.1:${port}/${index}" } }\n`,
  )
  return `checks:\n${checks.join('')}`
}
