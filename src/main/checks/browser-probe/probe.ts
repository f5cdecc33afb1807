/**
 * One journey in a browser of its own: a profile that exists for this run only, a thread that drives it, and an end that
 * does not depend on either of them being well.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startWorker } from '#main/store/worker-thread.ts'
import type { Evidence } from '#shared/contract/evidence.ts'
import { masked } from '../journey/mask.ts'
import { journeyOutcome } from '../journey/outcome.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { unknown } from '../network/failure.ts'
import { shorten } from '../network/text.ts'
import type { BrowserMethods } from './browser-worker.ts'
import { type BrowserConfig, browserStepName, firstStepName } from './config.ts'
import { findBrowser } from './find-browser.ts'
import type { BrowserReport, PageTiming } from './report.ts'

/** Kept back from the deadline for the last picture and an orderly end. */
const endingMs = 2500
const leastShare = 0.6
/** A start that leaves less of the time than this is our own slowness, and no page is blamed for it. */
const leastForSteps = 0.3
/** Below this no browser starts, whatever the machine. */
const leastTimeoutMs = 2000

export async function probeBrowser(
  config: BrowserConfig,
  ports: ProbePorts,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const elapsedMs = () => ports.clock.monotonicMs() - startedMs
  if (signal.aborted) return notMeasured('aborted', 'The run was called off before it began.', 0)
  const executable = findBrowser({ platform: process.platform, env: process.env })
  if (executable === null) {
    const message = 'No Chromium or Chrome was found; install one, or name it with CHROMIUM_PATH.'
    return notMeasured('no-browser', message, elapsedMs())
  }
  if (ports.timeoutMs < leastTimeoutMs) {
    const message = `A browser needs a timeout of at least ${leastTimeoutMs} ms to start; this check has ${ports.timeoutMs} ms.`
    return notMeasured('too-little-time', message, elapsedMs())
  }
  const directory = await mkdtemp(join(tmpdir(), 'belfry-browser-'))
  try {
    const budgetMs = Math.max(ports.timeoutMs * leastShare, ports.timeoutMs - endingMs)
    const report = await drive({ config, executable, directory, budgetMs }, ports, signal)
    return masked(
      await outcomeOf(config, report, elapsedMs(), ports),
      config.secrets.map(({ secret }) => secret),
    )
  } catch (error) {
    if (signal.aborted) return notMeasured('browser-stuck', 'The browser did not come to an end in time.', elapsedMs())
    const cause = shorten(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error), 300)
    ports.logger.warn('the browser of a check failed', { executable, error })
    return notMeasured('browser-failed', `The browser at ${executable} could not be used: ${cause}`, elapsedMs())
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch((error) => {
      ports.logger.warn('the profile of a browser could not be removed', { directory, error })
    })
  }
}

interface Order {
  readonly config: BrowserConfig
  readonly executable: string
  readonly directory: string
  readonly budgetMs: number
}

/** Whatever happens in it, no process and no thread is left of it. */
async function drive(order: Order, { clock, logger }: ProbePorts, signal: AbortSignal): Promise<BrowserReport> {
  const startedMs = clock.monotonicMs()
  const worker = await startWorker<BrowserMethods, null>('browser-worker', null, {
    logger,
    onFailure: (error) => logger.error('the thread of a browser ended by itself', { error }),
  })
  let processId: number | null = null
  let isClosed = false
  try {
    // Waited for whatever happens: a browser that is called off while it starts could not be found any more.
    processId = await worker.channel.call('browser.open', order)
    signal.throwIfAborted()
    const startMs = clock.monotonicMs() - startedMs
    const budgetMs = order.budgetMs - startMs
    if (budgetMs < order.budgetMs * leastForSteps) {
      throw new Error(`it took ${Math.round(startMs)} ms to start, which left too little of the timeout.`)
    }
    const report = await worker.channel.call('browser.walk', { ...order, budgetMs }, { signal })
    await worker.channel.call('browser.close', null, { signal })
    isClosed = true
    return report
  } finally {
    if (!isClosed && processId !== null) await killTree(processId)
    await worker.stop()
  }
}

/** The browser leads a process group of its own; on Windows there are none. */
function killTree(processId: number): Promise<void> {
  if (process.platform === 'win32') {
    return new Promise((resolve) => execFile('taskkill', ['/pid', String(processId), '/T', '/F'], () => resolve()))
  }
  for (const id of [-processId, processId]) {
    try {
      process.kill(id, 'SIGKILL')
    } catch {
      // It has ended already, which is all that was wanted.
    }
  }
  return Promise.resolve()
}

async function outcomeOf(
  config: BrowserConfig,
  report: BrowserReport,
  durationMs: number,
  { pictures }: ProbePorts,
): Promise<ProbeOutcome> {
  const names = [firstStepName, ...config.steps.map(browserStepName)]
  const run = journeyOutcome({
    names,
    steps: report.steps,
    durationMs,
    code: report.code,
    evidence: await evidenceOf(report, pictures),
  })
  return { ...run, samples: [...run.samples, ...timingSamples(report.timing)] }
}

async function evidenceOf(report: BrowserReport, pictures: ProbePorts['pictures']): Promise<Evidence> {
  const { picture, consoleErrors, failedRequests } = report
  const kept = picture === null ? null : { name: await pictures.keep(picture.jpeg), caption: picture.caption }
  return {
    ...(kept === null ? {} : { picture: kept }),
    page: { consoleErrors: [...consoleErrors], failedRequests: [...failedRequests] },
  }
}

function timingSamples(timing: PageTiming | null): ProbeSample[] {
  if (timing === null) return []
  return [
    { name: 'probe_browser_first_byte_duration_seconds', value: timing.firstByteMs / 1000 },
    { name: 'probe_browser_dom_duration_seconds', value: timing.domMs / 1000 },
    { name: 'probe_browser_load_duration_seconds', value: timing.loadMs / 1000 },
  ]
}

function notMeasured(code: string, message: string, durationMs: number): ProbeOutcome {
  return { ...unknown(code, message), durationMs, phases: [], samples: [], evidence: {} }
}
