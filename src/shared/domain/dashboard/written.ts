/** A dashboard as it is written into a file: without what is as by default, fields in the order of the schema. */
import { z } from 'zod'
import { Dashboard } from './dashboard.ts'

export function writtenDashboard(board: Dashboard): string {
  return `${JSON.stringify(withoutDefaults(Dashboard, board), null, 2)}\n`
}

/** The same value with every field left out that the schema would fill in again. */
export function withoutDefaults(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const bare = unwrapped(schema, value)
  if (Array.isArray(value)) {
    return bare instanceof z.ZodArray ? value.map((one) => withoutDefaults(bare.element, one)) : value
  }
  if (!(bare instanceof z.ZodObject)) return value
  const fields: Readonly<Record<string, unknown>> = { ...value }
  return Object.fromEntries(
    Object.entries(bare.shape).flatMap(([name, field]) => {
      const one = fields[name]
      if (one === undefined || isDefault(field, one)) return []
      return [[name, withoutDefaults(field, one)]]
    }),
  )
}

function isDefault(field: z.core.$ZodType, value: unknown): boolean {
  if (!(field instanceof z.ZodDefault || field instanceof z.ZodPrefault)) return false
  const filled = field.safeParse(undefined)
  return filled.success && JSON.stringify(filled.data) === JSON.stringify(value)
}

/** Below defaults, null and the choices of a union: the schema that this value was parsed by. */
function unwrapped(schema: z.core.$ZodType, value: object): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return unwrapped(schema.unwrap(), value)
  }
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap(), value)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const option = schema.options.find((one) => one instanceof z.ZodType && one.safeParse(value).success)
    return option ?? schema
  }
  return schema
}
