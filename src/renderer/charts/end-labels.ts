/** Names at the ends of lines, so that nobody has to match colours: as near to their lines as they can be without touching. */

export interface EndLabel {
  readonly text: string
  /** Where the line ends, in pixels from the top. */
  readonly y: number
}

/** Height a label needs, in pixels. */
export const labelHeight = 13

/**
 * The labels with `y` moved so that no two are nearer than a label's height and all stay within `[top, bottom]` as far
 * as there is room. From top to bottom.
 */
export function placeLabels<L extends EndLabel>(labels: readonly L[], top: number, bottom: number): L[] {
  const placed = [...labels].sort((a, b) => a.y - b.y)
  let least = top
  for (const [index, label] of placed.entries()) {
    placed[index] = { ...label, y: Math.max(label.y, least) }
    least = Math.max(label.y, least) + labelHeight
  }
  let most = bottom
  for (let index = placed.length - 1; index >= 0; index--) {
    const label = placed[index]
    if (!label) continue
    placed[index] = { ...label, y: Math.min(label.y, most) }
    most = Math.min(label.y, most) - labelHeight
  }
  return placed
}
