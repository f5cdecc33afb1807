/** Asks an address once and says what it exposes, before anybody relies on it. Stores nothing. */
import type { Clock, Timers } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TriedTarget } from '#shared/contract/scrape.ts'
import { ExpositionError } from '#shared/exposition/exposition-error.ts'
import { createExpositionParser, type ExpositionFormat, type ExpositionParser } from '#shared/exposition/parser.ts'
import { askTarget, failureOf } from './ask-target.ts'
import type { HttpSettings } from './prometheus-config.ts'
import type { ScrapeHttp } from './scrape-http.ts'
import type { TypedAddress } from './typed-address.ts'

const timeoutMs = 10_000
const mostBytes = 32 * 2 ** 20
const shownSamples = 20
/** What client libraries say of the exporter itself: the rest tells more. */
const runtimeName = /^(?:go|process|promhttp|python|jvm|nodejs|ruby)_/

const noSecret = { text: null, file: null }

/** Rejects with AppError that says why the address gives no metrics. */
export async function tryTarget(
  target: TypedAddress,
  http: ScrapeHttp,
  { clock, timers, userAgent }: { readonly clock: Clock; readonly timers: Timers; readonly userAgent: string },
): Promise<TriedTarget> {
  const settings: HttpSettings = {
    basicAuth: target.user && { username: target.user.name, password: { text: target.user.password, file: null } },
    authorization: null,
    tls: { ca: noSecret, cert: noSecret, key: noSecret, serverName: null, insecureSkipVerify: false },
    followRedirects: true,
    compression: true,
  }
  const client = http.client({ ca: null, cert: null, key: null, serverName: null, insecureSkipVerify: false }, true)
  const ending = new AbortController()
  const stopDeadline = timers.after(timeoutMs, () =>
    ending.abort(new AppError('timeout', `expected the whole answer within ${timeoutMs / 1000} s, got it not by then`)),
  )
  const startedMs = clock.monotonicMs()
  const found = createFindings()
  try {
    const asked = { url: target.url, http: settings, timeoutMs, bodyBytes: mostBytes, userAgent }
    const { bytes, format } = await askTarget(client, asked, found.begin, clock, ending.signal)
    return { url: target.url, format, durationMs: clock.monotonicMs() - startedMs, bytes, ...found.told() }
  } catch (error) {
    if (ending.signal.aborted) throw ending.signal.reason
    const { message } = failureOf(error)
    throw new AppError('unprocessable', `${target.url}: ${message}`)
  } finally {
    stopDeadline()
    await client.close()
  }
}

function createFindings() {
  const own: TriedTarget['first'] = []
  const ofRuntime: TriedTarget['first'] = []
  const names = new Set<string>()
  let samples = 0
  let remark: string | null = null

  function begin(format: ExpositionFormat) {
    const parser = createExpositionParser(
      { format },
      {
        sample(_raw, value, _at, read) {
          const { name, labels } = read()
          samples++
          names.add(name)
          const shown = runtimeName.test(name) ? ofRuntime : own
          if (shown.length < shownSamples) shown.push({ name, labels: { ...labels }, value: String(value) })
        },
        metadata: () => undefined,
      },
    )
    // Beside the reading that counts: what is wrong with its form is worth a word.
    let strict: ExpositionParser | null = createExpositionParser(
      { format, isStrict: true },
      { sample: () => undefined, metadata: () => undefined },
    )
    const judge = (look: (of: ExpositionParser) => void) => {
      if (strict === null) return
      try {
        look(strict)
      } catch (error) {
        if (!(error instanceof ExpositionError)) throw error
        remark = error.message
        strict = null
      }
    }
    return {
      push(piece: Uint8Array) {
        parser.push(piece)
        judge((of) => of.push(piece))
      },
      end() {
        parser.end()
        judge((of) => of.end())
      },
    }
  }

  return {
    begin,
    told: () => ({ samples, metrics: names.size, first: [...own, ...ofRuntime].slice(0, shownSamples), remark }),
  }
}
