/**
 * The console's time, where the browser's clock is another: ages are told by it. Read from what arrives, which is hardly
 * ever more than a second old.
 */

/** Smaller differences are the way of the message, not the clock. */
const forgivenMs = 5000

let aheadMs = 0

/** Something that happened at `at`, by the console's clock, has just arrived. */
export function noteConsoleInstant(at: number, arrivedAt: number): void {
  const differenceMs = arrivedAt - at
  aheadMs = Math.abs(differenceMs) > forgivenMs ? differenceMs : 0
}

/** What the console's clock shows when the browser's shows `now`. */
export function consoleTime(now: number): number {
  return now - aheadMs
}
