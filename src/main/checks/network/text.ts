/** Bytes from a stranger as text for people: capped, and nothing that is not text. */

const sampleBytes = 4096

/** The beginning of `bytes` as text; null when there is none or it is not UTF-8 text. */
export function textSample(bytes: Buffer): string | null {
  if (bytes.length === 0) return null
  const beginning = bytes.subarray(0, sampleBytes)
  // Control characters other than tab, line feed, carriage return, form feed and escape do not occur in text.
  if (beginning.some((byte) => byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32))) return null
  const text = beginning.toString('utf8')
  const strange = text.slice(0, -1).split('\ufffd').length - 1
  if (strange > text.length / 20) return null
  return bytes.length > beginning.length && text.endsWith('\ufffd') ? text.slice(0, -1) : text
}

/** Cut to `length` characters with an ellipsis. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

const shortestSecret = 4

/** A copy of any JSON value in which no string contains one of the secrets. */
export function withoutSecrets<T>(value: T, secrets: readonly string[]): T {
  const sought = secrets.filter((secret) => secret.length >= shortestSecret)
  return sought.length === 0 ? value : (replaced(value, sought) as T)
}

function replaced(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), value)
  if (Array.isArray(value)) return value.map((one) => replaced(one, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, secrets)]))
}
