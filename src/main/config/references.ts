/**
 * Values that stand for others: `${NAME}` and `${NAME:-default}` for the environment, `secret:name` (a whole value) and
 * `${secret:name}` (within one) for a stored secret. `$${NAME}` is the text `${NAME}`. What a reference stands for is
 * used and never shown: `conceals` puts the reference back wherever the value would be seen. Pure.
 */

export interface References {
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  /** Why there are no secrets, where that has a reason. */
  readonly trouble?: string
}

/** A value that may not be seen, and what is shown instead. */
export interface Concealed {
  readonly value: string
  readonly reference: string
}

export interface Expanded {
  readonly value: unknown
  /** Names of secrets, each with the path of a value that asks for it. */
  readonly secrets: readonly { readonly path: Path; readonly name: string }[]
  readonly missing: readonly { readonly path: Path; readonly message: string }[]
  readonly concealed: readonly Concealed[]
  /** Paths of values that came from a reference as a whole: their type is not what was written. */
  readonly wholes: ReadonlySet<string>
}

type Path = readonly (string | number)[]

const wholeSecret = /^secret:([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/
const reference = /\$(\$?)\{(?:secret:([A-Za-z0-9][A-Za-z0-9._-]{0,99})|([A-Z_][A-Z0-9_]*)(?::-([^}]*))?)\}/g
const wholeReference = /^\$\{[^}]*\}$/

/** Whether a value asks for another anywhere in it; most configurations have none, and pay nothing for them. */
export function hasReference(value: unknown): boolean {
  if (typeof value === 'string') return wholeSecret.test(value) || value.search(reference) >= 0
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(hasReference)
}

/** Whether a text is a reference and nothing else: it may be shown where what it stands for may not. */
export function isReference(text: string): boolean {
  return wholeSecret.test(text) || (wholeReference.test(text) && text.replace(reference, '') === '')
}

/** The references in a value, each once, as they are written. */
export function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return wholeSecret.test(value) ? [value] : (value.match(reference) ?? [])
  if (typeof value !== 'object' || value === null) return []
  return [...new Set(Object.values(value).flatMap(referencesIn))]
}

/** Keys stay as they are. A reference that leads nowhere is missing, and stays as it is written. */
export function expanded(value: unknown, references: References): Expanded {
  const found: {
    secrets: { path: Path; name: string }[]
    missing: { path: Path; message: string }[]
    concealed: Concealed[]
    wholes: Set<string>
  } = { secrets: [], missing: [], concealed: [], wholes: new Set() }
  if (!hasReference(value)) return { value, ...found }

  function secret(name: string, path: Path, written: string): string {
    found.secrets.push({ path, name })
    const held = Object.hasOwn(references.secrets, name) ? references.secrets[name] : undefined
    if (held === undefined) {
      const why = references.trouble ?? 'store it under that name, or mend the name.'
      found.missing.push({ path, message: `There is no secret "${name}": ${why}` })
      return written
    }
    found.concealed.push({ value: held, reference: `secret:${name}` })
    return held
  }

  function variable(name: string, otherwise: string | undefined, path: Path, written: string): string {
    const set = Object.hasOwn(references.environment, name) ? references.environment[name] : undefined
    if (set !== undefined && (set !== '' || otherwise === undefined)) {
      found.concealed.push({ value: set, reference: `\${${name}}` })
      return set
    }
    if (otherwise !== undefined) return otherwise
    found.missing.push({
      path,
      message: `The environment variable ${name} is not set where Belfry runs: set it, or write \${${name}:-default}.`,
    })
    return written
  }

  function text(written: string, path: Path): string {
    const name = wholeSecret.exec(written)?.[1]
    if (name !== undefined) return secret(name, path, written)
    if (isReference(written)) found.wholes.add(pathKey(path))
    return written.replace(reference, (whole, escaping, ofSecret, ofVariable, otherwise) => {
      if (escaping === '$') return whole.slice(1)
      return ofSecret === undefined ? variable(ofVariable, otherwise, path, whole) : secret(ofSecret, path, whole)
    })
  }

  function walk(part: unknown, path: Path): unknown {
    if (typeof part === 'string') return text(part, path)
    if (Array.isArray(part)) return part.map((one, index) => walk(one, [...path, index]))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, walk(one, [...path, key])]))
  }

  return { value: walk(value, []), ...found }
}

/** The value with those of `paths` that a reference gave as text read as a number, true or false where they say one. */
export function retyped(value: unknown, wholes: ReadonlySet<string>, paths: readonly Path[]): unknown {
  const wanted = new Set(paths.map(pathKey).filter((key) => wholes.has(key)))
  const walk = (part: unknown, path: Path): unknown => {
    if (typeof part === 'string') return wanted.has(pathKey(path)) ? typed(part) : part
    if (Array.isArray(part)) return part.map((one, index) => walk(one, [...path, index]))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, walk(one, [...path, key])]))
  }
  return wanted.size === 0 ? value : walk(value, [])
}

function typed(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

/** A shorter value is in every other text by chance, and no secret. Characters. */
const leastConcealed = 4

/** Puts references back in place of what they stand for, longest value first. */
export function conceals(concealed: readonly Concealed[]): (text: string) => string {
  const worth = concealed
    .filter(({ value }) => value.length >= leastConcealed)
    .flatMap(({ value, reference: shown }) => {
      const encoded = encodeURIComponent(value)
      return encoded === value
        ? [{ value, shown }]
        : [
            { value, shown },
            { value: encoded, shown },
          ]
    })
    .sort((a, b) => b.value.length - a.value.length)
  if (worth.length === 0) return (text) => text
  return (text) => worth.reduce((rest, { value, shown }) => rest.replaceAll(value, () => shown), text)
}

/** A copy of any JSON value with each of its texts changed. */
export function withTexts<T>(value: T, change: (text: string) => string): T {
  return walked(value, change) as T // Texts stay texts, and all else is as it was.
}

function walked(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => walked(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walked(one, change)]))
}

function pathKey(path: Path): string {
  return JSON.stringify(path.map(String))
}
