/** Functions of each sample's value. */
import { type PromqlFunction, perSample } from './function.ts'

export const arithmeticFunctions: Readonly<Record<string, PromqlFunction>> = {
  abs: perSample(Math.abs),
  ceil: perSample(Math.ceil),
  floor: perSample(Math.floor),
  exp: perSample(Math.exp),
  ln: perSample(Math.log),
  log2: perSample(Math.log2),
  log10: perSample(Math.log10),
  sqrt: perSample(Math.sqrt),
  sgn: perSample(Math.sign),
  clamp: perSample((value, least = Number.NaN, most = Number.NaN) => Math.max(least, Math.min(most, value)), 2),
  clamp_min: perSample((value, least = Number.NaN) => Math.max(least, value), 1),
  clamp_max: perSample((value, most = Number.NaN) => Math.min(most, value), 1),
}
