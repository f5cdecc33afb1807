import { useSyncExternalStore } from 'react'

/** The window's inner size in CSS pixels, as it changes. */
export function useViewport(): { readonly widthPx: number; readonly heightPx: number } {
  const text = useSyncExternalStore(subscribe, () => `${innerWidth} ${innerHeight}`)
  const [widthPx = 0, heightPx = 0] = text.split(' ').map(Number)
  return { widthPx, heightPx }
}

function subscribe(listener: () => void): () => void {
  addEventListener('resize', listener)
  return () => removeEventListener('resize', listener)
}
