/** The machine and the programs around Belfry: clock, limits, zone, versions, and what checks and channels call. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { release } from 'node:os'
import { delimiter, join } from 'node:path'
import { bad, type Examination, good, untested, warning } from './examination.ts'

/** Belfry was not written before it. */
const leastInstant = Date.UTC(2026, 0, 1)

export const clock: Examination = {
  id: 'clock',
  title: "This machine's clock",
  why: 'Every sample, alert and certificate is judged by it.',
  examine({ now, dataDir }) {
    const at = now()
    if (at < leastInstant)
      return bad(`It says ${isoOf(at)}, long before this Belfry was made.`, 'Set the clock; use NTP.')
    const newestMs = statSync(join(dataDir, 'belfry.db'), { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (newestMs > at + 60_000) {
      return bad(`It says ${isoOf(at)}, but belfry.db was written at ${isoOf(newestMs)}.`, 'Set the clock; use NTP.')
    }
    return good(`It says ${isoOf(at)}, after all that was written.`)
  },
}

/** A hundred checks at once, databases, a day's files and sockets. */
const fewDescriptors = 1024

export const descriptors: Examination = {
  id: 'descriptors',
  title: 'Files and sockets at once',
  why: 'Each check and each browser needs some; without them checks cannot measure.',
  examine({ platform }) {
    if (platform !== 'linux') return untested('This system does not tell a process its limit.')
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    if (limit === undefined) return untested('The system does not say.')
    if (limit === 'unlimited' || Number(limit) >= fewDescriptors) return good(`${limit} are allowed.`)
    return warning(`Only ${limit} are allowed.`, `ulimit -n ${fewDescriptors} or more; LimitNOFILE= in a systemd unit.`)
  },
}

export const zone: Examination = {
  id: 'time-zone',
  title: 'Time zone',
  why: 'Daily backups, quiet hours and reports follow it.',
  examine() {
    return good(`${Intl.DateTimeFormat().resolvedOptions().timeZone}.`)
  },
}

export const versions: Examination = {
  id: 'versions',
  title: 'Versions',
  why: 'The first thing anyone asks who is to help.',
  examine({ version, platform }) {
    const { node, electron } = process.versions
    const host = electron ? `Electron ${electron}` : `Node ${node}`
    return good(`Belfry ${version}, ${host}, ${platform} ${release()} on ${process.arch}.`)
  },
}

export const notifications: Examination = {
  id: 'notifications',
  title: 'Desktop notifications',
  why: 'An alert that nobody sees is none.',
  async examine({ desktop }) {
    const { available, mechanism, reason } = await desktop.describe()
    if (available) return good(`They go through ${mechanism}.`)
    return warning(
      `${reason ?? `${mechanism} is not there`}.`,
      'On a server this is as it should be: the inbox has every alert.',
    )
  },
}

export const ping: Examination = {
  id: 'ping',
  title: 'The ping program',
  why: 'Ping checks run it: raw sockets would need root.',
  examine(patient) {
    const found = onPath(patient, patient.platform === 'win32' ? ['ping.exe'] : ['ping'])
    if (found) return good('It is there.')
    return warning(
      'It was not found on PATH.',
      'Install iputils-ping (Debian, Ubuntu) or iputils; other checks do not need it.',
    )
  },
}

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'chrome.exe']

export const browser: Examination = {
  id: 'browser',
  title: 'Chromium or Chrome',
  why: 'Browser journeys are run in one; without it they cannot measure.',
  examine(patient) {
    const asked = patient.env['CHROMIUM_PATH']
    if (asked) {
      return existsSync(asked)
        ? good('CHROMIUM_PATH names one that is there.')
        : bad('CHROMIUM_PATH names a file that is not there.', 'Correct it, or unset it to have PATH searched.')
    }
    if (onPath(patient, browserNames)) return good('One is on PATH.')
    return untested('None was found on PATH: browser journeys cannot be run here, everything else can.')
  },
}

export const configuration: Examination = {
  id: 'configuration',
  title: 'Configuration',
  why: 'What is not understood is not done: the last good value or the default is used instead.',
  examine({ configurationProblems }) {
    const problems = configurationProblems()
    if (problems === null) return untested('Only the running console knows; "npm run config -- check" reads the file.')
    if (problems.length === 0) return good('belfry.yaml is understood.')
    return warning(
      `${problems.length === 1 ? '1 problem' : `${problems.length} problems`}: ${problems.slice(0, 3).join(' ')}`,
      'Mend the lines it names.',
    )
  },
}

export const addresses: Examination = {
  id: 'addresses',
  title: 'Addresses listened on',
  why: 'Other than loopback, everyone on the network can knock.',
  examine({ addresses: read }) {
    const found = read()
    if (found === null) return untested('Only the running console knows: see Settings > About.')
    if (found.length === 0) return good('None.')
    const open = found.filter((address) => !/^https?:\/\/(127\.|localhost|\[::1\])/.test(address))
    if (open.length === 0) return good(`${found.join(', ')}: this machine only.`)
    return warning(
      `${open.join(', ')} can be reached from elsewhere.`,
      'That needs TLS and tokens; see "Security" in the README.',
    )
  },
}

function onPath(
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
  names: readonly string[],
): boolean {
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '')
  return directories.some((directory) => names.some((name) => isExecutable(join(directory, name))))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const isoOf = (at: number) => new Date(at).toISOString()
