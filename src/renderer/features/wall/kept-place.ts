/** Where the playlist of a wall stood in this browser, so that a page that loads itself anew goes on from there. */

const key = (name: string) => `belfry.wall.${name}`

/** The index of the page; 0 where nothing is known. */
export function keptPage(name: string): number {
  const page = Number(localStorage.getItem(key(name)) ?? 0)
  return Number.isInteger(page) && page >= 0 ? page : 0
}

export function keepPage(name: string, page: number): void {
  localStorage.setItem(key(name), String(page))
}
