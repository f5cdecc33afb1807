/** Every function by name: a new one is one line in the file of its concern. */
import { arithmeticFunctions } from './arithmetic.ts'
import { changeFunctions } from './change.ts'
import { conversionFunctions } from './conversion.ts'
import type { PromqlFunction } from './function.ts'
import { overTimeFunctions } from './over-time.ts'

export const functions: Readonly<Record<string, PromqlFunction>> = {
  ...arithmeticFunctions,
  ...changeFunctions,
  ...conversionFunctions,
  ...overTimeFunctions,
}
