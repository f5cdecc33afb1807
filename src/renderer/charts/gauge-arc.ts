/** Arcs of a gauge: 240 degrees, open at the bottom. Pure. */

/** Shares of the whole arc, 0..1, from the left. */
export interface Arc {
  readonly from: number
  readonly to: number
}

const sweepDegrees = 240
const startDegrees = 150

/** An SVG path around a centre. */
export function arcPath(x: number, y: number, radius: number, { from, to }: Arc): string {
  const at = (share: number) => {
    const angle = ((startDegrees + sweepDegrees * share) * Math.PI) / 180
    return `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`
  }
  const isLarge = (to - from) * sweepDegrees > 180
  return `M${at(from)}A${radius} ${radius} 0 ${Number(isLarge)} 1 ${at(to)}`
}

const round = (value: number) => Math.round(value * 100) / 100
