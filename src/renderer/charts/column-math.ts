/** Arithmetic on columns of values, step by step. Where something was not observed, nothing is made up. */

/** null where nothing was observed. */
export type Values = readonly (number | null)[]

/** The sum of columns of the same length; null only where none of them was observed. */
export function addUp(columns: readonly Values[]): Values {
  const length = Math.max(0, ...columns.map((column) => column.length))
  return Array.from({ length }, (_, step) =>
    columns.reduce<number | null>((all, column) => {
      const value = column[step] ?? null
      return value === null ? all : (all ?? 0) + value
    }, null),
  )
}

/** a - b, never below 0. */
export function subtract(a: Values, b: Values): Values {
  return pairwise(a, b, (x, y) => Math.max(0, x - y))
}

/** a / b; 0 where b is 0. */
export function divide(a: Values, b: Values): Values {
  return pairwise(a, b, (x, y) => (y > 0 ? x / y : 0))
}

export function scaleBy(a: Values, factor: number): Values {
  return a.map((value) => (value === null ? null : value * factor))
}

export function totalOf(a: Values): number {
  return a.reduce<number>((all, value) => all + (value ?? 0), 0)
}

/** The newest observed value; null when there is none among the last three steps: an old one is not what is now. */
export function newestOf(a: Values): number | null {
  for (let index = a.length - 1; index >= Math.max(0, a.length - 3); index--) {
    const value = a[index] ?? null
    if (value !== null) return value
  }
  return null
}

function pairwise(a: Values, b: Values, combine: (x: number, y: number) => number): Values {
  return a.map((x, step) => {
    const y = b[step] ?? null
    return x === null || y === null ? null : combine(x, y)
  })
}
