/** Ports for tests: time stands still, ids and randomness repeat, the log is kept. */
import { timeOrderedIds } from '#main/adapters/ids.ts'
import type { Desktop, DesktopNotification, Http, LogFields, Logger, Ports, Random, Secrets } from '#main/ports.ts'
import { type FakeTime, fakeTime } from './fake-time.ts'

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: LogFields
}

export function memoryLogger(lines: LogLine[] = []): Logger & { readonly lines: LogLine[] } {
  const at = (base: LogFields): Logger => {
    const write =
      (level: string) =>
      (message: string, fields: LogFields = {}) =>
        void lines.push({ level, message, fields: { ...base, ...fields } })
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => at({ ...base, ...fields }),
    }
  }
  return Object.assign(at({}), { lines })
}

/** Linear congruential, so that a failure repeats. Source: Numerical Recipes, chapter 7. */
export function seededRandom(seed = 1): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 32
    },
  }
}

export function recordingDesktop(): Desktop & { readonly shown: DesktopNotification[]; failWith: string | null } {
  const desktop = {
    shown: [] as DesktopNotification[],
    failWith: null as string | null,
    async notify(notification: DesktopNotification) {
      if (desktop.failWith !== null) throw new Error(desktop.failWith)
      desktop.shown.push(notification)
    },
    async describe() {
      return { available: desktop.failWith === null, mechanism: 'recording' }
    },
  }
  return desktop
}

function memorySecrets(): Secrets {
  const values = new Map<string, string>()
  return {
    get: async (name) => values.get(name),
    set: async (name, value) => void values.set(name, value),
    remove: async (name) => void values.delete(name),
    names: async () => [...values.keys()].sort(),
    describe: () => ({ mechanism: 'memory', trouble: null }),
  }
}

const refusingHttp: Http = {
  request: async (url) => {
    throw new Error(`no test expected a request to ${url}`)
  },
}

export interface FakePorts extends Ports {
  readonly time: FakeTime
  readonly logger: ReturnType<typeof memoryLogger>
  readonly desktop: ReturnType<typeof recordingDesktop>
}

export function fakePorts(overrides: Partial<Ports> = {}): FakePorts {
  const time = fakeTime()
  return {
    time,
    clock: time.clock,
    timers: time.timers,
    ids: timeOrderedIds(time.clock),
    random: seededRandom(),
    http: refusingHttp,
    secrets: memorySecrets(),
    ...overrides,
    logger: memoryLogger(),
    desktop: recordingDesktop(),
  }
}
