/**
 * Whether this machine's own resolver has failed: when several different names cannot be looked up, and more of them than
 * can. One name that fails is that name's trouble. An answer from a cache is an answer, so the failing ones are counted
 * against the others of late.
 */

export interface Lookup {
  readonly failed: boolean
  /** Any clock, ms. */
  readonly atMs: number
}

const leastFailing = 2
/** Older answers say nothing about now. */
const rememberedMs = 300_000

/** The newest lookup of each name, as of `nowMs`. An empty map: nothing has failed. */
export function hasResolverFailed(lookups: ReadonlyMap<string, Lookup>, nowMs: number): boolean {
  let failing = 0
  let answered = 0
  for (const { failed, atMs } of lookups.values()) {
    if (nowMs - atMs > rememberedMs) continue
    if (failed) failing++
    else answered++
  }
  return failing >= leastFailing && failing > answered
}
