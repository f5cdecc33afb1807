/** A template as a tree: Go's text/template without definitions and calls of methods. */

export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly pipe: Pipe }
  | {
      readonly type: 'if' | 'with' | 'range'
      readonly pipe: Pipe
      readonly body: readonly Node[]
      readonly otherwise: readonly Node[]
    }
  | { readonly type: 'break' | 'continue' }

/** `$x := a | b c`: commands from left to right, each handing its value to the next as last argument. */
export interface Pipe {
  /** Variables it sets: one, or index and element of a range. */
  readonly names: readonly string[]
  /** `=` changes variables that are there, `:=` makes new ones. */
  readonly declares: boolean
  readonly commands: readonly Command[]
}

export interface Command {
  /** A name of a function is only an `identifier` at the beginning; anything else is a value. */
  readonly operands: readonly Operand[]
}

export type Operand =
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'constant'; readonly value: string | boolean | null }
  /** Go tells `1` from `1.0`, and so do comparisons and `printf`. */
  | { readonly type: 'number'; readonly value: number; readonly isInteger: boolean }
  /** `.a.b`; without fields the dot itself. */
  | { readonly type: 'dot'; readonly fields: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly type: 'group'; readonly pipe: Pipe; readonly fields: readonly string[] }
