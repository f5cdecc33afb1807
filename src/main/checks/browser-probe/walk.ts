/** Takes the steps on a page that is open, until one fails or the time is over. */
import type { Page, Response } from 'playwright-core'
import { z } from 'zod'
import type { StepEvidence } from '#shared/contract/evidence.ts'
import { filled, namesIn } from '../journey/template.ts'
import { shorten } from '../network/text.ts'
import { type BrowserConfig, type BrowserStep, browserStepName, firstStepName } from './config.ts'
import type { BrowserReport, PageTiming } from './report.ts'

export type Walk = Pick<BrowserReport, 'steps' | 'code' | 'timing' | 'picture'>

/** `leftMs`: what is left for all steps together. */
export async function walk(page: Page, config: BrowserConfig, leftMs: () => number): Promise<Walk> {
  const steps: StepEvidence[] = []
  const startedMs = performance.now()
  const hidden: string[] = []
  const values = new Map(config.secrets.map(({ name, secret }) => [name, secret]))
  let timing: PageTiming | null = null
  let picture: BrowserReport['picture'] = null
  const opening: BrowserStep = { action: 'goto', name: firstStepName, url: config.url }

  for (const [index, step] of [opening, ...config.steps].entries()) {
    const beganMs = performance.now()
    const name = index === 0 ? firstStepName : browserStepName(step, index - 1)
    const failure = await take(step)
    steps.push({
      name,
      line: lineOf(step),
      outcome: failure?.outcome ?? 'up',
      message: failure?.message ?? 'done',
      startMs: beganMs - startedMs,
      durationMs: performance.now() - beganMs,
      phases: [],
      assertions: [],
    })
    if (index === 0 && failure === null) timing = await timingOf(page)
    if (failure !== null || step.action === 'screenshot') {
      picture = (await pictureOf(page, hidden, name)) ?? picture
    }
    if (failure !== null) return { steps, code: failure.code, timing, picture }
  }
  return { steps, code: 'ok', timing, picture }

  async function take(step: BrowserStep): Promise<StepFailure | null> {
    try {
      if (leftMs() <= 0) return failed('timeout', 'The time was over before this step.')
      const failure = await act(step)
      if (failure !== null) return failure
      const { protocol } = new URL(page.url())
      return protocol === 'http:' || protocol === 'https:'
        ? null
        : failed('scheme-blocked', `The page went to a ${protocol} address; only http and https are followed.`)
    } catch (error) {
      return failureOf(error, step)
    }
  }

  async function act(step: BrowserStep): Promise<StepFailure | null> {
    const timeout = Math.max(1, leftMs())
    switch (step.action) {
      case 'goto':
        return badStatus(await page.goto(step.url, { timeout, waitUntil: 'load' }))
      case 'click':
        await page.locator(step.target).first().click({ timeout })
        return null
      case 'fill':
        if (namesIn(step.text).length > 0) hidden.push(step.target)
        await page.locator(step.target).first().fill(filled(step.text, values), { timeout })
        return null
      case 'press':
        await page.locator(':focus, body').last().press(step.key, { timeout })
        return null
      case 'expectText':
        await page
          .locator(step.target ?? 'css=body')
          .filter({ hasText: step.text })
          .first()
          .waitFor({ state: 'visible', timeout })
        return null
      case 'expectUrl':
        await page.waitForURL((url) => url.href.includes(step.text), { timeout, waitUntil: 'commit' })
        return null
      case 'waitFor':
        await page.locator(step.target).first().waitFor({ state: step.state, timeout })
        return null
      case 'screenshot':
        return null
    }
  }

  function failureOf(error: unknown, step: BrowserStep): StepFailure {
    const text = error instanceof Error ? error.message : String(error)
    const network = /net::(ERR_[A-Z_]+)/.exec(text)?.[1]
    if (network !== undefined && ownTrouble.has(network)) {
      return {
        outcome: 'unknown',
        code: 'network-unreachable',
        message: `The network of this machine failed: ${network}.`,
      }
    }
    if (network !== undefined) return failed('navigation-failed', `The page could not be opened: ${network}.`)
    if (/Target (page|closed|crashed)|has been closed|Page crashed/i.test(text)) {
      return { outcome: 'unknown', code: 'browser-crashed', message: 'The browser or its page ended by itself.' }
    }
    if (text.includes('Timeout'))
      return failed('timeout', `${waitedFor(step)} did not come in time, at ${shownUrl(page)}.`)
    return failed('step-failed', firstLine(text))
  }
}

interface StepFailure {
  readonly outcome: 'down' | 'unknown'
  readonly code: string
  readonly message: string
}

function failed(code: string, message: string): StepFailure {
  return { outcome: 'down', code, message }
}

/** Errors of Chromium's network that say nothing about the target. */
const ownTrouble = new Set(['ERR_INTERNET_DISCONNECTED', 'ERR_NETWORK_CHANGED', 'ERR_INSUFFICIENT_RESOURCES'])

function badStatus(response: Response | null): StepFailure | null {
  const status = response?.status() ?? 200
  return status >= 400 ? failed('status', `The page answered with status ${status}.`) : null
}

function waitedFor(step: BrowserStep): string {
  switch (step.action) {
    case 'goto':
      return 'The whole page'
    case 'expectText':
      return `The text "${shorten(step.text, 100)}"`
    case 'expectUrl':
      return `An address with "${shorten(step.text, 100)}"`
    case 'waitFor':
      return step.state === 'hidden' ? `The end of ${step.target}` : `The element ${step.target}`
    case 'click':
    case 'fill':
      return `The element ${step.target}`
    case 'press':
    case 'screenshot':
      return 'The page'
  }
}

/** One line, as evidence shows it; never a value. */
function lineOf(step: BrowserStep): string {
  const { action } = step
  switch (action) {
    case 'goto':
      return `${action} ${shorten(step.url, 200)}`
    case 'click':
    case 'fill':
    case 'waitFor':
      return `${action} ${shorten(step.target, 200)}`
    case 'press':
      return `${action} ${step.key}`
    case 'expectText':
    case 'expectUrl':
      return `${action} ${shorten(step.text, 200)}`
    case 'screenshot':
      return action
  }
}

/** Without the query, which may hold credentials. */
function shownUrl(page: Page): string {
  return shorten(page.url().split(/[?#]/, 1)[0] ?? '', 200)
}

function firstLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the library colours its messages for terminals
  const plain = text.replace(/\u001b\[\d+m/g, '')
  return shorten(plain.split('\n', 1)[0] ?? '', 300)
}

const Timing = z.object({ firstByteMs: z.number(), domMs: z.number(), loadMs: z.number() })

/** A page that lies about its times, or hangs, has none. */
async function timingOf(page: Page): Promise<PageTiming | null> {
  const asked = page
    .evaluate(
      `(() => { const n = performance.getEntriesByType('navigation')[0];
        return { firstByteMs: n.responseStart, domMs: n.domContentLoadedEventEnd, loadMs: n.loadEventEnd } })()`,
    )
    .catch(() => null)
  const answer = await Promise.race([asked, ended(askMs)])
  return Timing.safeParse(answer).data ?? null
}

const askMs = 500
const pictureMs = 1000
const mostPictureBytes = 204_800
/** The second is for pages full of noise. */
const qualities = [60, 25]

async function pictureOf(page: Page, hidden: readonly string[], name: string): Promise<BrowserReport['picture']> {
  for (const quality of qualities) {
    const taken = await page
      .screenshot({
        type: 'jpeg',
        quality,
        timeout: pictureMs,
        animations: 'disabled',
        mask: hidden.map((target) => page.locator(target)),
      })
      // A page that hangs has no picture; the step that failed is told all the same.
      .catch(() => null)
    if (taken === null) return null
    if (taken.length <= mostPictureBytes) {
      return { jpeg: new Uint8Array(taken), caption: `Step "${name}", at ${shownUrl(page)}` }
    }
  }
  return null
}

function ended(ms: number): Promise<null> {
  return new Promise((resolve) => AbortSignal.timeout(ms).addEventListener('abort', () => resolve(null)))
}
