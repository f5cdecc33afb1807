/** Spreads the drawing of many charts over frames: each frame draws until its share of time is used up. */

/** Of a 16.7 ms frame; the rest is the browser's. */
const budgetMs = 8

const waiting = new Map<object, () => void>()
let isRequested = false

/** Draws in one of the next frames; a later request of the same owner replaces the earlier. Returns what withdraws it. */
export function drawSoon(owner: object, draw: () => void): () => void {
  waiting.set(owner, draw)
  request()
  return () => void waiting.delete(owner)
}

function request(): void {
  if (isRequested) return
  isRequested = true
  requestAnimationFrame(run)
}

function run(startedAt: number): void {
  isRequested = false
  const begin = Math.max(startedAt, performance.now() - budgetMs / 2)
  for (const [owner, draw] of waiting) {
    waiting.delete(owner)
    draw()
    if (performance.now() - begin > budgetMs) break
  }
  if (waiting.size > 0) request()
}
