/** One number as a chart says it. */
import { formatValue, type Unit } from '../format/unit.ts'

/** In its own best scale; what is no number says so, what is not there is a dash. */
export function formatReading(value: number | null, unit: Unit, suffix = ''): string {
  if (value !== null && Number.isNaN(value)) return 'NaN'
  const written = formatValue(value, unit)
  return suffix === '' || value === null ? written : `${written} ${suffix}`
}
