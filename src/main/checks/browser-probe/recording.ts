/**
 * Reads what the recorder of Chrome's developer tools exports as JSON. What has no counterpart is named, not guessed.
 * Source: https://github.com/puppeteer/replay, the schema of its user flows.
 */
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportedConfig } from '../kind.ts'
import type { BrowserConfig, BrowserStep } from './config.ts'

const Selectors = z.array(z.union([z.string(), z.array(z.string())]))
const RecordedStep = z.looseObject({
  type: z.string(),
  url: z.string().optional(),
  selectors: Selectors.optional(),
  value: z.string().optional(),
  key: z.string().optional(),
  assertedEvents: z.array(z.looseObject({ type: z.string(), url: z.string().optional() })).optional(),
})
const Recording = z.looseObject({ steps: z.array(RecordedStep).min(1).max(500) })
type RecordedStep = z.output<typeof RecordedStep>

const mostSteps = 50

export function readRecording(text: string): ImportedConfig<Pick<BrowserConfig, 'url' | 'steps'>> {
  const { steps } = parsed(text)
  const first = steps.findIndex(({ type }) => type === 'navigate')
  const url = steps[first]?.url
  if (url === undefined || !/^https?:\/\//i.test(url)) {
    throw invalid('expected a recording that begins by opening an http or https address')
  }
  const leftOut: string[] = []
  const taken: BrowserStep[] = []
  steps.forEach((step, index) => {
    if (index === first || silent.has(step.type)) return
    const made = converted(step)
    if (typeof made === 'string') leftOut.push(`step ${index + 1}, ${step.type}: ${made}`)
    else if (taken.length < mostSteps) taken.push(made)
    else leftOut.push(`step ${index + 1}, ${step.type}: there is room for ${mostSteps} steps`)
  })
  return { config: { url, steps: taken }, leftOut }
}

/** What a run does without being told. */
const silent = new Set(['setViewport', 'keyUp', 'scroll', 'close'])

/** The step, or why there is none. */
function converted(step: RecordedStep): BrowserStep | string {
  switch (step.type) {
    case 'navigate':
      return step.url !== undefined && /^https?:\/\//i.test(step.url)
        ? { action: 'goto', name: '', url: step.url }
        : 'only http and https addresses are opened'
    case 'click':
    case 'doubleClick':
      return withTarget(step, (target) => ({ action: 'click', name: '', target }))
    case 'change':
      return withTarget(step, (target) => ({ action: 'fill', name: '', target, text: step.value ?? '' }))
    case 'keyDown':
      return step.key === undefined ? 'it names no key' : { action: 'press', name: '', key: step.key }
    case 'waitForElement':
      return withTarget(step, (target) => ({ action: 'waitFor', name: '', target, state: 'visible' }))
    default:
      return 'there is no such step here'
  }
}

function withTarget(step: RecordedStep, make: (target: string) => BrowserStep): BrowserStep | string {
  const target = targetOf(step.selectors ?? [])
  return target === null ? 'its element cannot be named by role, text or CSS' : make(target)
}

/** The recorder gives several names of one element: what a person sees is kept before how the page is built. */
function targetOf(selectors: z.output<typeof Selectors>): string | null {
  // A list with several parts goes through shadow roots, which CSS here goes through by itself.
  const flat = selectors.map((one) => (typeof one === 'string' ? one : (one.at(-1) ?? '')))
  const found = (prefix: string) => flat.find((one) => one.startsWith(prefix))?.slice(prefix.length)
  const aria = /^(.*)\[role="(\w+)"\]$/.exec(found('aria/') ?? '')
  if (aria !== null) return `role=${aria[2]}[name=${JSON.stringify(aria[1])}]`
  const css = flat.find((one) => one !== '' && !/^(aria|xpath|text|pierce)\//.test(one)) ?? found('pierce/')
  if (css !== undefined) return `css=${css}`
  const words = found('text/') ?? found('aria/')
  return words === undefined ? null : `text=${words}`
}

function parsed(text: string): z.output<typeof Recording> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw invalid(`expected JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const recording = Recording.safeParse(document)
  if (recording.success) return recording.data
  const issue = recording.error.issues[0]
  throw invalid(`expected "steps" as the recorder exports them: ${issue?.path.join('.')}: ${issue?.message}`)
}

function invalid(message: string): AppError {
  return new AppError('invalid', `This is no recording: ${message}.`, [{ path: 'text', message }])
}
