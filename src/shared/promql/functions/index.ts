/** Every function by name: a new one is its signature, and a line in the file of its concern. */
import type { FunctionName } from '../signatures.ts'
import { arithmeticFunctions } from './arithmetic.ts'
import { changeFunctions } from './change.ts'
import { conversionFunctions } from './conversion.ts'
import type { PromqlFunction } from './function.ts'
import { histogramFunctions } from './histogram.ts'
import { labelFunctions } from './labels.ts'
import { overTimeFunctions } from './over-time.ts'
import { sortingFunctions } from './sorting.ts'
import { timeFunctions } from './time.ts'

export const functions: Readonly<Record<FunctionName, PromqlFunction>> = {
  ...arithmeticFunctions,
  ...changeFunctions,
  ...conversionFunctions,
  ...histogramFunctions,
  ...labelFunctions,
  ...overTimeFunctions,
  ...sortingFunctions,
  ...timeFunctions,
}
