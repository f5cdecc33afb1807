/** User names by numeric id, from /etc/passwd; the first line of an id counts. */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':')
    if (!name || uid === undefined || !/^\d+$/.test(uid)) continue
    const id = Number(uid)
    if (!names.has(id)) names.set(id, name)
  }
  return names
}
