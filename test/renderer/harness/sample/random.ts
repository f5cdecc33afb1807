/** Numbers that look random and are the same in every run. */

/** Uniform in [0, 1), the same for the same seed. Source: Numerical Recipes, chapter 7 (linear congruential). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A whole number from a text, for seeds. FNV-1a. */
export function hashOf(text: string): number {
  let hash = 2_166_136_261
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619)
  return hash >>> 0
}

/** Smooth noise in [0, 1] over time: the same instant always gives the same value. */
export function noiseAt(at: number, periodMs: number, seed: number): number {
  const cell = Math.floor(at / periodMs)
  const share = at / periodMs - cell
  const eased = share * share * (3 - 2 * share)
  return cornerAt(cell, seed) * (1 - eased) + cornerAt(cell + 1, seed) * eased
}

function cornerAt(cell: number, seed: number): number {
  return (hashOf(`${cell}/${seed}`) % 10_007) / 10_006
}
