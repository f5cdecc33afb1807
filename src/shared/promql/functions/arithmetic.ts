/** Functions of each sample's value. */
import type { FunctionName } from '../signatures.ts'
import { type PromqlFunction, perSample } from './function.ts'

const halfTurnDegrees = 180

export const arithmeticFunctions = {
  abs: perSample(Math.abs),
  acos: perSample(Math.acos),
  acosh: perSample(Math.acosh),
  asin: perSample(Math.asin),
  asinh: perSample(Math.asinh),
  atan: perSample(Math.atan),
  atanh: perSample(Math.atanh),
  ceil: perSample(Math.ceil),
  clamp_max: perSample((value, most = Number.NaN) => Math.min(most, value)),
  clamp_min: perSample((value, least = Number.NaN) => Math.max(least, value)),
  cos: perSample(Math.cos),
  cosh: perSample(Math.cosh),
  deg: perSample((value) => (value * halfTurnDegrees) / Math.PI),
  exp: perSample(Math.exp),
  floor: perSample(Math.floor),
  ln: perSample(Math.log),
  log10: perSample(Math.log10),
  log2: perSample(Math.log2),
  rad: perSample((value) => (value * Math.PI) / halfTurnDegrees),
  round: perSample(rounded),
  sgn: perSample(Math.sign),
  sin: perSample(Math.sin),
  sinh: perSample(Math.sinh),
  sqrt: perSample(Math.sqrt),
  tan: perSample(Math.tan),
  tanh: perSample(Math.tanh),
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

/** To the nearest multiple; ties go up. By the inverse, which is exact where the multiple is a tenth or the like. */
function rounded(value: number, multiple = 1): number {
  const inverse = 1 / multiple
  return Math.floor(value * inverse + 0.5) / inverse
}
