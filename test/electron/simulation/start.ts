/** Starts the simulation as a process and gives a test its page and the hands of a person. */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { FromSimulation, ToSimulation } from './messages.ts'

const root = resolve(import.meta.dirname, '../../..')
const builtEntry = join(root, 'out', 'main', 'index.js')
const deadlineMs = 30_000
const endWithinMs = 15_000

export interface Simulation {
  /** The page in the window. */
  page(): Promise<Page>
  tell(message: ToSimulation): void
  /** Resolves with the first message, past or to come, that fits. */
  noticed<T extends FromSimulation['type']>(
    type: T,
    fits?: (message: Extract<FromSimulation, { type: T }>) => boolean,
  ): Promise<Extract<FromSimulation, { type: T }>>
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  /** Quits it, or kills it when it does not end. */
  end(): Promise<void>
}

interface Home {
  readonly dataDir: string
  readonly configDir: string
}

/** `entry`: the built main side, here or taken out of a package. */
export function startSimulation(home: Home, entry: string = builtEntry): Simulation {
  if (!existsSync(entry)) throw new Error(`${entry} is missing: build first, as "npm test" does`)
  const args = [entry, '--data', home.dataDir, '--config', home.configDir]
  const child = fork(join(import.meta.dirname, 'run.ts'), args, { cwd: root, silent: true, execArgv: [] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => void output.push(String(data)))
  const messages: FromSimulation[] = []
  const looks = new Set<() => void>()
  child.on('message', (message: FromSimulation) => {
    messages.push(message)
    for (const look of [...looks]) look()
  })
  const ended = new Promise<number | null>((done) => child.on('exit', done))
  let browser: Browser | undefined

  const noticed: Simulation['noticed'] = (type, fits = () => true) =>
    new Promise((found, fail) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        looks.delete(look)
        act()
      }
      const giveUp = (why: string) =>
        settle(() =>
          fail(new Error(`expected "${type}", ${why}\n${JSON.stringify(messages.slice(-5))}\n${output.join('')}`)),
        )
      const timer = setTimeout(() => giveUp(`not within ${deadlineMs / 1000} s`), deadlineMs)
      const look = () => {
        for (const message of messages) {
          // Narrowed by its type, which the compiler does not see through the parameter.
          const candidate = message as Extract<FromSimulation, { type: typeof type }>
          if (message.type === type && fits(candidate)) return settle(() => found(candidate))
        }
      }
      looks.add(look)
      void ended.then((code) => giveUp(`but it ended with ${code}`))
      look()
    })

  return {
    async page() {
      const { debugUrl } = await noticed('page')
      browser ??= await chromium.connectOverCDP(debugUrl)
      const page = browser.contexts()[0]?.pages()[0]
      if (!page) throw new Error('expected a page in the window')
      return page
    },
    tell: (message) => void child.send(message),
    noticed,
    ended,
    async end() {
      await browser?.close()
      const isRunning = child.exitCode === null && child.signalCode === null
      if (isRunning && child.connected) child.send({ type: 'quit' } satisfies ToSimulation)
      const killer = setTimeout(() => child.kill('SIGKILL'), endWithinMs)
      await ended
      clearTimeout(killer)
    },
  }
}
