/** The expressions of the screen in its address, and those that were asked before, kept in this browser. */

/** In the address by these names, in this order. */
const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const
export const mostExpressions = names.length

/** At least one, which may be empty. */
export function expressionsIn(query: URLSearchParams): readonly string[] {
  const found = names.flatMap((name) => query.get(name) ?? [])
  return found.length > 0 ? found : ['']
}

/** All names, so that what is gone leaves the address too. */
export function addressOf(expressions: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(names.map((name, index) => [name, expressions[index]?.trim() || undefined]))
}

const storageKey = 'belfry.expressions'
const kept = 50

/** Newest first. */
export function askedBefore(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string').slice(0, kept) : []
  } catch {
    // Whatever else was stored under this name is not ours.
    return []
  }
}

export function remember(expressions: readonly string[]): void {
  const asked = expressions.map((expr) => expr.trim()).filter(Boolean)
  const all = [...new Set([...asked, ...askedBefore()])].slice(0, kept)
  localStorage.setItem(storageKey, JSON.stringify(all))
}

export function forgetAsked(): void {
  localStorage.removeItem(storageKey)
}
