/** One attempt in full: what came of it, where the time went, and everything that was seen. */
import type { CheckResult } from '#shared/contract/checks.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatValue } from '../../format/unit.ts'
import { useZone } from '../../theme/appearance.ts'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './check-result.module.css'
import { EvidenceView } from './evidence-view.tsx'
import { PhasesBar } from './phases-bar.tsx'

const triggerWords: Readonly<Record<CheckResult['trigger'], string>> = {
  scheduled: 'scheduled',
  retry: 'retry',
  manual: 'run by hand',
  trial: 'tried',
}

export function CheckResultView({ result }: { readonly result: CheckResult }) {
  return (
    <div className={cx(css['result'])}>
      <PhasesBar phases={result.phases} durationMs={result.durationMs} />
      <EvidenceView evidence={result.evidence} at={result.at} />
    </div>
  )
}

/** What came of it, in one line. */
export function CheckResultLine({ result }: { readonly result: CheckResult }) {
  const zone = useZone()
  return (
    <div className={cx(css['line'])}>
      <StateMark state={result.outcome} />
      <span className={cx(css['reason'])}>{result.reason.message}</span>
      <span className={cx(css['facts'])}>
        {result.trigger !== 'scheduled' && <Badge>{triggerWords[result.trigger]}</Badge>}
        <span>{formatValue(result.durationMs, 'milliseconds')}</span>
        <time>{formatInstant(result.at, zone)}</time>
      </span>
    </div>
  )
}
