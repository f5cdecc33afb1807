import type { UplinkGuard } from './uplink-guard.ts'

/**
 * Whether a failure to reach `host` since then (monotonic ms) is the link's: it was lost meanwhile, and the host lies
 * beyond it, or is a neighbour while the gateway is silent. `isNews`: worth asking the references about.
 */
export async function wasWayLost(
  uplink: UplinkGuard,
  host: string,
  sinceMs: number,
  isNews: boolean,
): Promise<boolean> {
  const isLost = uplink.wasLostSince(sinceMs) || (isNews && (await uplink.confirmLostSince(sinceMs)))
  if (!isLost) return false
  // The link may have taken the gateway along, and with it the neighbours.
  const nearness = uplink.nearnessOf(host)
  return nearness === 'remote' || (nearness === 'neighbour' && !uplink.hasNeighbours())
}
