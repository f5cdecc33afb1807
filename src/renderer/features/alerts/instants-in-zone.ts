import { formatClock, formatInstant } from '../../format/instant.ts'

/**
 * A sentence of the console with its instants as the viewer's clock shows them: `10:02:15 UTC`, with the date before it
 * where it is another day than that of `saidAt`, the instant at which the sentence was made.
 */
export function instantsInZone(sentence: string, saidAt: number, zone: string): string {
  return sentence.replace(
    /(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d) UTC/g,
    (all, date: string | undefined, time: string) => {
      const at = Date.parse(`${date ?? new Date(saidAt).toISOString().slice(0, 10)}T${time}Z`)
      if (Number.isNaN(at)) return all
      const isSameDay = formatInstant(at, zone).slice(0, 10) === formatInstant(saidAt, zone).slice(0, 10)
      return isSameDay ? formatClock(at, zone) : formatInstant(at, zone)
    },
  )
}
