/** Colours of series: Okabe and Ito's without red and amber, then the same again dashed. State colours are never used. */

/** How many series differ by colour alone. */
export const seriesColorCount = 5

export interface SeriesStyle {
  /** A CSS custom property of the theme. */
  readonly token: string
  /** Canvas dash pattern; empty: solid. */
  readonly dash: readonly number[]
}

const dashes: readonly (readonly number[])[] = [[], [5, 3], [2, 2], [8, 3, 2, 3]]

/** The style of the nth series of a chart, from 0. */
export function seriesStyle(index: number): SeriesStyle {
  const round = Math.floor(index / seriesColorCount) % dashes.length
  return { token: `--series-${(index % seriesColorCount) + 1}`, dash: dashes[round] ?? [] }
}
