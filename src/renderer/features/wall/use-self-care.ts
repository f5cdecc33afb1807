import { useEffect, useEffectEvent, useRef } from 'react'
import { reasonToReload } from './self-care.ts'

const lookEveryMs = 5000

interface Care {
  readonly version: string | null
  readonly isQuiet: () => boolean
}

/** Loads the page anew when it should be; where its playlist stood is kept elsewhere. */
export function useSelfCare({ version, isQuiet }: Care): void {
  const loadedVersion = useRef<string | null>(null)
  loadedVersion.current ??= version
  const look = useEffectEvent((gapMs: number) => {
    const reason = reasonToReload({
      heapBytes: heapBytes(),
      upForMs: performance.now(),
      gapMs,
      isQuiet: isQuiet(),
      loadedVersion: loadedVersion.current,
      version,
    })
    if (reason !== null) location.reload()
  })
  useEffect(() => {
    let lastMs = performance.now()
    const timer = setInterval(() => {
      const nowMs = performance.now()
      // Timers of a hidden page are held up by the browser, which is no hang.
      const gapMs = document.visibilityState === 'visible' ? nowMs - lastMs - lookEveryMs : 0
      lastMs = nowMs
      look(gapMs)
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
}

/** Chromium's own; no other browser tells. */
function heapBytes(): number | null {
  if (!('memory' in performance)) return null
  const { usedJSHeapSize } = performance.memory as { readonly usedJSHeapSize?: unknown } // Not in the standard's types.
  return typeof usedJSHeapSize === 'number' ? usedJSHeapSize : null
}
