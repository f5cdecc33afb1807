/** Links into the app from outside, such as `belfry://alert/<id>` in a notification or a chat. */

export const deepLinkScheme = 'belfry'

/** The page's fragment for a link; null when it leads nowhere we know. Only the id is taken from it. */
export function placeOf(link: string): string | null {
  const match = /^belfry:\/\/(alert|check)\/([\w.~%-]{1,200})\/?$/.exec(link)
  if (!match) return null
  const [, kind, id = ''] = match
  return `#/${kind}s/${encodeURIComponent(decoded(id))}`
}

/** The deep link among a second start's arguments; null when there is none. */
export function deepLinkAmong(args: readonly string[]): string | null {
  return args.find((argument) => argument.startsWith(`${deepLinkScheme}://`)) ?? null
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    // A stray percent sign: taken as it stands, and then no object has that id.
    return id
  }
}
