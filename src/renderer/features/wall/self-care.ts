/**
 * When a page that stands for weeks should load itself anew. Pure: what is known goes in, the reason comes out. A page
 * that hangs for good cannot help itself, whatever thread watches it: that is for who runs it (see
 * electron/page-recovery.ts); one that comes back after a hang may have missed anything, and begins anew.
 */

export interface PageHealth {
  /** Of scripts; null where the browser does not tell. */
  readonly heapBytes: number | null
  readonly upForMs: number
  /** The longest the page did nothing at all since the last look. */
  readonly gapMs: number
  /** Nothing is shown large, and the page has just turned. */
  readonly isQuiet: boolean
  /** The console's version when the page was loaded, and now. */
  readonly loadedVersion: string | null
  readonly version: string | null
}

/** A wall uses some tens of MiB: far more is a leak, whoever's it is. */
const heapBudgetBytes = 300 * 1_048_576
const freshAfterMs = 24 * 3_600_000
const hangMs = 30_000

export function reasonToReload(health: PageHealth): 'hang' | 'version' | 'heap' | 'age' | null {
  const { heapBytes, upForMs, gapMs, isQuiet, loadedVersion, version } = health
  if (gapMs > hangMs) return 'hang'
  if (loadedVersion !== null && version !== null && version !== loadedVersion) return 'version'
  if (!isQuiet) return null
  if (heapBytes !== null && heapBytes > heapBudgetBytes) return 'heap'
  return upForMs > freshAfterMs ? 'age' : null
}
