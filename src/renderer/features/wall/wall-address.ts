/** The address of a wall: a path of its own where the console is served, so that the address holds no secret. */

/** The wall's name in a path such as `/wall/lobby`; null for any other. */
export function wallInPath(path: string): string | null {
  return /^\/wall\/([a-z0-9][a-z0-9-]{0,39})\/?$/.exec(path)?.[1] ?? null
}
