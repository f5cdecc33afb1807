/** The page's own address inside Electron, and what counts as being on it. */

export const pageScheme = 'app'
const pageOrigin = 'app://belfry'

/** A page without scripts, for a window whose own page keeps failing. */
export const safePageUrl = `${pageOrigin}/safe.html`

/** `place`: the fragment the page navigates by, such as `#/alerts/<id>`. */
export function pageUrl(place = ''): string {
  return `${pageOrigin}/${place}`
}

/** The page of a wall: a place of its own, so that the page there knows no way to the rest. */
export function wallUrl(name: string): string {
  return `${pageOrigin}/wall/${name}`
}

/** Whether an address is the page's, whatever its fragment. Never throws. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}` === pageOrigin
}
