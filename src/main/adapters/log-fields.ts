/**
 * Makes any value fit for a log line: plain JSON of limited depth and size, errors with stack and cause, and nothing
 * that looks like a secret, by the name of its field or by its form inside of a text.
 */

const redacted = '[redacted]'

/** Fields of a log line, ready for JSON. */
export function loggable(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return loggableRecord(fields, 0, new Set())
}

const deepest = 6
const longestText = 8192
const mostEntries = 100

const secretName =
  /pass(word|wd|phrase|code)?$|secret|token$|authorization|cookie|api[-_]?key|credential|private[-_]?key|bearer|signature|session[-_]?id/i
const secretInText: readonly (readonly [RegExp, string])[] = [
  [/(:\/\/)[^/\s:@]*:[^/\s@]+@/g, `$1${redacted}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/([?&](?:[\w-]*(?:token|key|secret|password|signature|sig))=)[^&\s"']+/gi, `$1${redacted}`],
]

function loggableValue(value: unknown, depth: number, above: Set<object>): unknown {
  switch (typeof value) {
    case 'string':
      return loggableText(value)
    case 'bigint':
      return `${value}n`
    case 'function':
    case 'symbol':
      return String(value.toString()).slice(0, 80)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    default:
      return typeof value === 'object' && value !== null ? loggableObject(value, depth, above) : value
  }
}

function loggableText(text: string): string {
  const safe = secretInText.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
  return safe.length > longestText ? `${safe.slice(0, longestText)}… (${safe.length} characters)` : safe
}

function loggableObject(value: object, depth: number, above: Set<object>): unknown {
  if (above.has(value)) return '[circular]'
  if (depth >= deepest) return '[too deep]'
  above.add(value)
  try {
    if (value instanceof Error) return loggableError(value, depth, above)
    if (value instanceof Date) return Number.isNaN(value.valueOf()) ? 'Invalid Date' : value.toISOString()
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if (value instanceof Map) return loggableRecord(Object.fromEntries(value), depth + 1, above)
    if (value instanceof Set || Array.isArray(value)) {
      return [...value].slice(0, mostEntries).map((entry) => loggableValue(entry, depth + 1, above))
    }
    return loggableRecord(value, depth + 1, above)
  } finally {
    above.delete(value)
  }
}

function loggableRecord(value: object, depth: number, above: Set<object>): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, mostEntries)
  return Object.fromEntries(
    entries.map(([name, field]) => {
      const secret =
        secretName.test(name) && field !== null && !['number', 'boolean', 'undefined'].includes(typeof field)
      return [name, secret ? redacted : loggableValue(field, depth, above)]
    }),
  )
}

function loggableError(error: Error, depth: number, above: Set<object>): Record<string, unknown> {
  const { name, message, stack, cause, ...own } = error
  return {
    type: error.name,
    message: loggableText(error.message),
    ...loggableRecord(own, depth + 1, above),
    stack: loggableText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: loggableValue(error.cause, depth + 1, above) }),
    ...(error instanceof AggregateError ? { errors: loggableValue(error.errors, depth + 1, above) } : {}),
  }
}
