/** Hands text to the viewer as a file of that name, the way pages do. */
export function saveFile(name: string, parts: readonly string[], type: string): void {
  saveBlob(name, new Blob([...parts], { type: `${type};charset=utf-8` }))
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
