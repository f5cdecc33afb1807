import type { CollectorStatus } from '#shared/contract/collectors.ts'
import { type CallState, useCall } from '../../client/use-call.ts'

/** All collectors, kept up to date. */
export function useCollectors(): CallState<CollectorStatus[]> {
  return useCall(
    'collectors.list',
    {},
    {
      on: {
        'collectors.changed': (list, changed) =>
          list.some(({ id }) => id === changed.id)
            ? list.map((one) => (one.id === changed.id ? changed : one))
            : [...list, changed],
        'collectors.removed': (list, { id }) => list.filter((one) => one.id !== id),
      },
    },
  )
}
