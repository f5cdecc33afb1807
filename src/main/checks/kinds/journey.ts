import { JourneyConfig } from '../journey/config.ts'
import { probeJourney } from '../journey/probe.ts'
import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'

export const journey = defineCheckKind({
  kind: 'journey',
  title: 'HTTP journey',
  description: 'Requests several addresses in turn, as a login does: values and cookies go on from step to step.',
  config: JourneyConfig,
  /** The first address without what may be a credential in it. */
  target({ steps: [first, ...others] }) {
    const [address = ''] = (first?.url ?? '').split('?', 1)
    return others.length === 0 ? address : `${address} and ${others.length} more`
  },
  prepare: prepareSecureContexts,
  run: probeJourney,
})
