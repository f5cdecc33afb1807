/** The parts of the console whose health is told, one function each. Thresholds stand here and nowhere else. */
import { statfs } from 'node:fs/promises'
import type { Collection } from '#main/collectors/collection.ts'
import type { ConfigFile } from '#main/config/config-file.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Clock, Desktop } from '#main/ports.ts'
import type { ScrapeService } from '#main/scrape/scrape-service.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { Finding, HealthComponent } from './health.ts'

const well = (message: string): Finding => ({ status: 'healthy', message })

/** The state store answers on its writing connection. */
export function stateComponent(state: Pick<StateStore, 'commit'>): HealthComponent {
  return {
    name: 'storage',
    critical: true,
    threshold: null,
    async probe() {
      await state.commit([])
      return well('The state store takes units of work.')
    },
  }
}

/** The sample store answers, and refuses nothing. */
export function samplesComponent(metrics: Pick<MetricStore, 'usage'>): HealthComponent {
  return {
    name: 'samples',
    critical: true,
    threshold: 'refused series = 0',
    async probe() {
      const { activeSeries, refusedSeries } = await metrics.usage()
      if (refusedSeries === 0) return well(`${activeSeries} series are active.`)
      return {
        status: 'degraded',
        message: `${refusedSeries} new series were refused: ${activeSeries} are active.`,
        hint: 'Raise storage.maxActiveSeries, or find the source that makes so many series.',
      }
    },
  }
}

/** Samples of this machine keep coming. */
export function collectionComponent(collection: Pick<Collection, 'collectors'>, clock: Clock): HealthComponent {
  return {
    name: 'collection',
    critical: false,
    threshold: 'no collector older than three of its intervals',
    probe() {
      const collectors = collection.collectors()
      const now = clock.now()
      const late = collectors.filter(({ lastAt, everyMs }) => lastAt === null || now - lastAt > 3 * everyMs)
      const blind = collectors.filter(({ samples, problem }) => samples === 0 && problem !== null)
      const [first] = late.length > 0 ? late : blind
      if (!first) return well(`${collectors.length} collectors read this machine.`)
      return {
        status: late.length > 0 ? 'unhealthy' : 'degraded',
        message: `${first.title}: ${first.problem ?? 'no samples lately'}.`,
        hint: 'See "This machine" for what each collector could not read.',
      }
    },
  }
}

const lateDegradedMs = 1000
const lateUnhealthyMs = 10_000

/** Checks run when they are due. `lateness` is of the last minute or so; null while none ran. */
export function schedulerComponent(lateness: () => { readonly p99Ms: number } | null): HealthComponent {
  return {
    name: 'scheduler',
    critical: false,
    threshold: `lateness p99 <= ${lateDegradedMs} ms`,
    probe() {
      const p99Ms = lateness()?.p99Ms ?? null
      if (p99Ms === null) return well('No check was due lately.')
      const message = `Checks run ${Math.round(p99Ms)} ms late at most, in 99 of 100.`
      const hint = 'Watch fewer targets or at longer intervals, or give this machine more processors.'
      if (p99Ms > lateUnhealthyMs) return { status: 'unhealthy', message, hint }
      return p99Ms > lateDegradedMs ? { status: 'degraded', message, hint } : well(message)
    },
  }
}

/** The configuration says what the operator means. */
export function configurationComponent(config: Pick<ConfigFile, 'problems' | 'path'>): HealthComponent {
  return {
    name: 'configuration',
    critical: false,
    threshold: 'problems = 0',
    probe() {
      const problems = config.problems()
      const [first] = problems
      if (!first) return well(`${config.path} is understood.`)
      const place = `${first.file}${first.line === null ? '' : `:${first.line}`}`
      return {
        status: 'degraded',
        message: `${problems.length === 1 ? '1 problem' : `${problems.length} problems`}, first: ${place}: ${first.message}`,
        hint: 'Mend the file. The last good value or the default is used meanwhile.',
      }
    },
  }
}

/** An answer about the desktop is good for this long: finding out may start a program. */
const desktopAnswerMs = 60_000

/** Somebody can be told. */
export function notificationsComponent(
  desktop: Desktop,
  config: Pick<ConfigFile, 'current'>,
  clock: Clock,
): HealthComponent {
  let known: { readonly finding: Finding; readonly wanted: true | 'auto'; readonly atMs: number } | null = null
  return {
    name: 'notifications',
    critical: false,
    threshold: null,
    async probe() {
      const wanted = config.current().settings.notifications.desktop
      if (wanted === false) return well('Desktop notifications are switched off.')
      const isFresh = known !== null && clock.monotonicMs() - known.atMs < desktopAnswerMs
      if (known !== null && isFresh && known.wanted === wanted) return known.finding
      const { available, mechanism, reason } = await desktop.describe()
      const finding: Finding = available
        ? well(`Desktop notifications go through ${mechanism}.`)
        : wanted === 'auto'
          ? well(`There is no desktop to notify (${reason ?? mechanism}); the inbox shows every alert.`)
          : {
              status: 'degraded',
              message: `Desktop notifications cannot be shown: ${reason ?? mechanism}.`,
              hint: 'Mend this, or switch them off in Settings. The inbox shows every alert in any case.',
            }
      known = { finding, wanted, atMs: clock.monotonicMs() }
      return finding
    },
  }
}

const gibibyte = 2 ** 30
const freeDegradedBytes = gibibyte
const freeUnhealthyBytes = gibibyte / 10

/** History has room to grow. */
export function diskSpaceComponent(directory: string): HealthComponent {
  return {
    name: 'disk-space',
    critical: false,
    threshold: 'free space >= 1 GiB',
    async probe() {
      const { bavail, bsize } = await statfs(directory)
      const freeBytes = bavail * bsize
      const message = `${(freeBytes / gibibyte).toFixed(1)} GiB are free where Belfry keeps its data.`
      const hint = `Make room on the disk of ${directory}, or shorten the retention in Settings.`
      if (freeBytes < freeUnhealthyBytes) return { status: 'unhealthy', message, hint }
      return freeBytes < freeDegradedBytes ? { status: 'degraded', message, hint } : well(message)
    },
  }
}

const loopDegradedMs = 50
const loopUnhealthyMs = 500

/** The main loop, for which everything waits, is not held up. */
export function eventLoopComponent(collection: Pick<Collection, 'loopDelay'>): HealthComponent {
  return {
    name: 'event-loop',
    critical: false,
    threshold: `delay p99 <= ${loopDegradedMs} ms`,
    probe() {
      const delay = collection.loopDelay()
      if (delay === null) return well('Not measured yet.')
      const message = `The main loop runs ${delay.p99Ms.toFixed(1)} ms late at most, in 99 of 100; ${delay.maxMs.toFixed(1)} ms at worst.`
      const hint = 'The machine is overloaded or suspended Belfry; fewer or slower checks help.'
      if (delay.p99Ms > loopUnhealthyMs) return { status: 'unhealthy', message, hint }
      return delay.p99Ms > loopDegradedMs ? { status: 'degraded', message, hint } : well(message)
    },
  }
}

/** Belfry's own log is written. */
export function logComponent(log: { trouble(): string | null; readonly path: string }): HealthComponent {
  return {
    name: 'log',
    critical: false,
    threshold: null,
    probe() {
      const trouble = log.trouble()
      if (trouble === null) return well(`${log.path} is written.`)
      return {
        status: 'degraded',
        message: `${log.path} cannot be written: ${trouble}. Lines wait in memory.`,
        hint: 'Make room, or mend the permissions of the directory.',
      }
    },
  }
}

/** Targets are scraped as prometheus.yml says. That one is down is what Belfry is there to find, and no trouble of its own. */
export function scrapingComponent(scraping: Pick<ScrapeService, 'view'>): HealthComponent {
  return {
    name: 'scraping',
    critical: false,
    threshold: 'mistakes in prometheus.yml = 0',
    probe() {
      const { file, pools, problems } = scraping.view()
      const errors = problems.filter(({ level }) => level === 'error')
      const targets = pools.reduce((sum, pool) => sum + pool.targets.length, 0)
      const [first] = errors
      if (!first)
        return well(targets === 0 ? 'Nothing is scraped.' : `${targets} targets of ${pools.length} jobs are scraped.`)
      const place = `${first.file}${first.line === null ? '' : `:${first.line}`}`
      return {
        status: 'degraded',
        message: `${targets} targets are scraped; ${errors.length} mistakes, first: ${place}: ${first.message}`,
        hint: `Mend ${file}. Jobs without a mistake are scraped meanwhile.`,
      }
    },
  }
}
