/** No secret leaves a journey: neither as it is, nor as it stands in an address or in JSON. Pure. */
import type { ProbeOutcome } from '../kind.ts'
import { withoutSecrets } from '../network/text.ts'

export function masked(outcome: ProbeOutcome, secrets: readonly string[]): ProbeOutcome {
  // The longest first: a secret may begin with another one.
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  return {
    ...outcome,
    reason: withoutSecrets(outcome.reason, forms),
    evidence: withoutSecrets(outcome.evidence, forms),
  }
}

function formsOf(secret: string): string[] {
  const inUrl = URL.canParse(`http://x/?${secret}`) ? new URL(`http://x/?${secret}`).search.slice(1) : secret
  return [secret, encodeURIComponent(secret), inUrl, JSON.stringify(secret).slice(1, -1)]
}
