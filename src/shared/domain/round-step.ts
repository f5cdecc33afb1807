const roundSteps = [1, 2, 2.5, 5, 10]

/** The least round number that is not below `step`, which is above zero. */
export function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return (roundSteps.find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10) * power
}
