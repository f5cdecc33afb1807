/** From pasted text to a draft: a URL, a name, host:port, an address, "ping host". */
import { CheckDraft } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CheckKind } from './kind.ts'

const longestShown = 100

/** The first kind that recognises the text gives the draft. Throws AppError `invalid`, with what could be pasted. */
export function guessDraft(text: string, kinds: readonly CheckKind[]): CheckDraft {
  const pasted = text.trim()
  for (const kind of kinds) {
    const config = kind.guess?.(pasted) ?? null
    if (config === null) continue
    const parsed = kind.config.safeParse(config)
    if (!parsed.success) throw notUnderstood(pasted, parsed.error.issues[0]?.message)
    // A kind's input is JSON: it is what stands in belfry.yaml.
    return CheckDraft.parse({ name: nameOf(kind.target(parsed.data)), kind: kind.kind, config })
  }
  throw notUnderstood(pasted)
}

function notUnderstood(pasted: string, cause?: string): AppError {
  // A pasted URL may carry a password.
  const harmless = pasted.replace(/\/\/[^/\s]*@/, '//…@')
  const shown = harmless.length > longestShown ? `${harmless.slice(0, longestShown)}…` : harmless
  const wanted =
    'expected a URL such as https://example.com, a name such as example.com, host:port such as db:5432, an address, or "ping host"'
  const came = pasted === '' ? 'got nothing' : `got "${shown}"`
  const message = `${cause ?? wanted}; ${came}`
  return new AppError('invalid', `This is no target: ${message}.`, [{ path: 'text', message }])
}

/** `https://example.com/health` is called example.com/health. */
function nameOf(target: string): string {
  return target.replace(/^https?:\/\//, '').slice(0, 120)
}
