/** The same list with one entry further up or down; at the ends nothing changes. */
export function moved<T>(list: readonly T[], index: number, by: 1 | -1): readonly T[] {
  const one = list[index]
  const to = index + by
  if (one === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(index, 1).toSpliced(to, 0, one)
}
