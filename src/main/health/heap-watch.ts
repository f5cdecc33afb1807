/**
 * Watches how near Belfry's own heap is to its limit, at which V8 ends the process. Near it, it is told once and what can
 * wait is asked to; well below it, all is as before.
 */
import { getHeapStatistics } from 'node:v8'
import type { Notices } from '#main/notices.ts'
import type { Timers } from '#main/ports.ts'

export interface HeapUse {
  readonly usedBytes: number
  readonly limitBytes: number
}

const lookEveryMs = 10_000
/** A full collection leaves less than this in a healthy process; above it, collections follow each other ever faster. */
const shortRatio = 0.85
const enoughRatio = 0.7
const noticeId = 'own-limits.heap'
const mebibyte = 2 ** 20

/** `relieve` is called with each change. Returns what stops it. */
export function watchHeap({
  timers,
  notices,
  relieve,
  heap = systemHeap,
}: {
  readonly timers: Timers
  readonly notices: Pick<Notices, 'raise' | 'withdraw'>
  readonly relieve: (isShort: boolean) => void
  readonly heap?: () => HeapUse
}): () => void {
  let isShort = false
  return timers.every(lookEveryMs, () => {
    const { usedBytes, limitBytes } = heap()
    const ratio = usedBytes / limitBytes
    if (!isShort && ratio >= shortRatio) {
      isShort = true
      notices.raise({
        id: noticeId,
        level: 'error',
        title: 'Belfry is running out of memory',
        message: `${Math.round(usedBytes / mebibyte)} of ${Math.round(limitBytes / mebibyte)} MiB of its heap are in use. Until there is more, few checks run at once and some may be late. Restart Belfry; if it comes again, watch less or give it more (NODE_OPTIONS=--max-old-space-size=…).`,
      })
      relieve(true)
    } else if (isShort && ratio <= enoughRatio) {
      isShort = false
      notices.withdraw(noticeId)
      relieve(false)
    }
  })
}

function systemHeap(): HeapUse {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics()
  return { usedBytes, limitBytes }
}
