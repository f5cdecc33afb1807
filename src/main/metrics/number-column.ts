/**
 * A number for each id, for ids that are dense: eight bytes where an entry of a Map takes forty, and one block of memory
 * for the garbage collector however many there are.
 */

export interface NumberColumn {
  get(id: number): number
  set(id: number, value: number): void
}

/** `absent`: what ids have that were never set. */
export function createNumberColumn(absent: number): NumberColumn {
  let numbers = new Float64Array(1024).fill(absent)
  const reserve = (id: number) => {
    if (id < numbers.length) return
    const more = new Float64Array(Math.max(id + 1, 2 * numbers.length))
    more.set(numbers)
    numbers = more.fill(absent, numbers.length)
  }
  return {
    get: (id) => numbers[id] ?? absent,
    set(id, value) {
      reserve(id)
      numbers[id] = value
    },
  }
}
