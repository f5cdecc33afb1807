/** The store's own calendar: UTC hours and days counted from the epoch, and the keys made of them. */

export const hourMs = 3_600_000
export const dayMs = 86_400_000
export const fiveMinutesMs = 300_000
export const hoursPerDay = 24

export const hourOf = (at: number): number => Math.floor(at / hourMs)
export const dayOf = (at: number): number => Math.floor(at / dayMs)
export const dayOfHour = (hour: number): number => Math.floor(hour / hoursPerDay)

/** Series ids are below it. */
export const seriesLimit = 2 ** 20

/** Sorts by time first, so that a stretch of time is one range of keys. `slot` is an hour or a day. */
export const keyOf = (slot: number, series: number): number => slot * seriesLimit + series
export const slotOf = (key: number): number => Math.floor(key / seriesLimit)
export const seriesOf = (key: number): number => key % seriesLimit

/** Of `2026-01-05`; NaN for what is no date. */
export const dayOfName = (name: string): number => dayOf(Date.parse(`${name}T00:00:00Z`))

/** Such as `2026-01-05`. */
export const dayName = (day: number): string => isoOf(day).slice(0, 10)
/** Such as `2026-01`. */
export const monthName = (day: number): string => isoOf(day).slice(0, 7)
/** Such as `2026`. */
export const yearName = (day: number): string => isoOf(day).slice(0, 4)

const isoOf = (day: number) => new Date(day * dayMs).toISOString()
