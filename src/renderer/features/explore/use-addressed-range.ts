import { useEffect } from 'react'
import { replaceQuery } from '../../navigation/location.ts'
import { useZone } from '../../theme/appearance.ts'
import { parseRange } from '../../time-range/range-expression.ts'
import { useRangeStore } from '../../time-range/range-store.ts'

/** A link may carry a range: it becomes the range of all screens once, and leaves the address. */
export function useAddressedRange(text: string | null): void {
  const zone = useZone()
  const set = useRangeStore((store) => store.set)
  useEffect(() => {
    if (text === null) return
    const range = parseRange(text, Date.now(), zone)
    if (range) set(range)
    replaceQuery({ range: undefined })
  }, [text, zone, set])
}
