/** Pieces to tree. Functions and variables must be known: a mistake is named when the rule is loaded. */
import type { Command, Node, Operand, Pipe } from './ast.ts'
import { lex, type Piece, TemplateProblem, type Word } from './lex.ts'

/** Actions nested deeper are refused: rendering recurses. */
const maxDepth = 50

/** Throws TemplateProblem. `functions` and `variables` are the names that may be used. */
export function parse(text: string, functions: ReadonlySet<string>, variables: readonly string[]): Node[] {
  const reader = new Reader(lex(text), functions)
  const { nodes, end } = reader.block([...variables], 0, false)
  if (end) throw new TemplateProblem(`unexpected {{ ${end} }}: nothing is open that it could belong to`)
  return nodes
}

interface Block {
  readonly nodes: Node[]
  /** What ended it: `end`, `else`; null: the text. */
  readonly end: 'end' | 'else' | null
  /** What follows an `else` in its action. */
  readonly rest: readonly Word[]
}

class Reader {
  private next = 0
  private readonly pieces: readonly Piece[]
  private readonly functions: ReadonlySet<string>
  constructor(pieces: readonly Piece[], functions: ReadonlySet<string>) {
    this.pieces = pieces
    this.functions = functions
  }

  /** `scope` holds the variables that are known; those declared in the block are added. */
  block(scope: string[], depth: number, inRange: boolean): Block {
    if (depth > maxDepth) throw new TemplateProblem(`expected at most ${maxDepth} nested actions`)
    const nodes: Node[] = []
    while (this.next < this.pieces.length) {
      const piece = this.pieces[this.next++]
      if (!piece) break
      if (piece.type === 'text') {
        nodes.push(piece)
        continue
      }
      const [first, ...rest] = piece.words
      const keyword = first?.kind === 'name' ? first.text : ''
      switch (keyword) {
        case 'end':
          if (rest.length > 0) throw new TemplateProblem('expected nothing after "end"')
          return { nodes, end: 'end', rest: [] }
        case 'else':
          return { nodes, end: 'else', rest }
        case 'if':
        case 'with':
        case 'range':
          nodes.push(this.control(keyword, rest, scope, depth, inRange))
          break
        case 'break':
        case 'continue':
          if (!inRange) throw new TemplateProblem(`expected "${keyword}" inside a range`)
          nodes.push({ type: keyword })
          break
        case 'define':
        case 'block':
        case 'template':
          throw new TemplateProblem(`"${keyword}" is not supported: an annotation cannot define templates`)
        default:
          nodes.push({ type: 'print', pipe: this.pipeOf(piece.words, scope, false) })
      }
    }
    return { nodes, end: null, rest: [] }
  }

  private control(
    type: 'if' | 'with' | 'range',
    words: readonly Word[],
    outer: readonly string[],
    depth: number,
    inRange: boolean,
  ): Node {
    const scope = [...outer]
    const pipe = this.pipeOf(words, scope, type === 'range')
    const inner = this.block([...scope], depth + 1, inRange || type === 'range')
    const otherwise = this.otherwise(type, inner, scope, depth, inRange)
    return { type, pipe, body: inner.nodes, otherwise }
  }

  private otherwise(
    type: 'if' | 'with' | 'range',
    { end, rest }: Block,
    scope: readonly string[],
    depth: number,
    inRange: boolean,
  ): readonly Node[] {
    if (end === null) throw new TemplateProblem(`expected {{ end }} for {{ ${type} }}`)
    if (end === 'end') return []
    const [word, ...more] = rest
    if (word?.kind === 'name' && word.text === type && type !== 'range') {
      return [this.control(type, more, scope, depth + 1, inRange)]
    }
    if (word) throw new TemplateProblem(`expected {{ else }} or {{ else ${type} ... }}, got "else ${word.text}"`)
    const last = this.block([...scope], depth + 1, inRange)
    if (last.end !== 'end') throw new TemplateProblem(`expected {{ end }} for {{ ${type} }} after its {{ else }}`)
    return last.nodes
  }

  private pipeOf(words: readonly Word[], scope: string[], isRange: boolean): Pipe {
    const { names, declares, rest } = assignment(words, isRange)
    for (const name of declares ? [] : names) refuseUnknown(name, scope)
    const cursor = new Words(rest)
    const pipe = { names, declares, commands: this.commands(cursor, scope, 0) }
    if (!cursor.isAtEnd) throw new TemplateProblem(`unexpected ")" between {{ and }}`)
    if (declares) scope.push(...names)
    return pipe
  }

  /** Until the end, or a closing parenthesis that is left to the caller. */
  private commands(words: Words, scope: readonly string[], depth: number): Command[] {
    if (depth > maxDepth) throw new TemplateProblem(`expected at most ${maxDepth} nested parentheses`)
    const commands: Command[] = []
    for (;;) {
      const operands: Operand[] = []
      while (!words.isAtEnd && !words.isAt('|') && !words.isAt(')')) {
        operands.push(this.operand(words, scope, depth))
      }
      const [head] = operands
      if (!head) throw new TemplateProblem('expected an expression between {{ and }}')
      if (operands.length > 1 && head.type !== 'function') {
        throw new TemplateProblem(`expected a function before arguments; ${shown(head)} is none`)
      }
      if (commands.length > 0 && head.type !== 'function') {
        throw new TemplateProblem(`expected a function after "|"; ${shown(head)} is none`)
      }
      commands.push({ operands })
      if (!words.isAt('|')) return commands
      words.take()
    }
  }

  private operand(words: Words, scope: readonly string[], depth: number): Operand {
    const word = words.take()
    switch (word.kind) {
      case 'string':
        return { type: 'constant', value: word.text }
      case 'char':
        return { type: 'number', value: word.text.codePointAt(0) ?? 0, isInteger: true }
      case 'number':
        return numberOf(word.text)
      case 'dot':
        return { type: 'dot', fields: [] }
      case 'field':
        return { type: 'dot', fields: [word.text, ...words.fields()] }
      case 'variable':
        refuseUnknown(word.text, scope)
        return { type: 'variable', name: word.text, fields: words.fields() }
      case 'name':
        if (word.text === 'true' || word.text === 'false') return { type: 'constant', value: word.text === 'true' }
        if (word.text === 'nil') return { type: 'constant', value: null }
        if (this.functions.has(word.text)) return { type: 'function', name: word.text }
        throw new TemplateProblem(
          `expected $value, $labels.NAME or a function such as humanize, got "${word.text}", which is none`,
        )
      case 'sign': {
        if (word.text !== '(') throw new TemplateProblem(`unexpected "${word.text}" between {{ and }}`)
        const commands = this.commands(words, scope, depth + 1)
        if (!words.isAt(')')) throw new TemplateProblem('expected ")" after "("')
        words.take()
        return { type: 'group', pipe: { names: [], declares: false, commands }, fields: words.fields() }
      }
    }
  }
}

class Words {
  private next = 0
  private readonly words: readonly Word[]
  constructor(words: readonly Word[]) {
    this.words = words
  }

  get isAtEnd(): boolean {
    return this.next >= this.words.length
  }

  isAt(sign: string): boolean {
    const word = this.words[this.next]
    return word?.kind === 'sign' && word.text === sign
  }

  take(): Word {
    const word = this.words[this.next++]
    if (!word) throw new TemplateProblem('expected more between {{ and }}')
    return word
  }

  /** `.a.b` directly after an operand. */
  fields(): string[] {
    const fields: string[] = []
    for (let word = this.words[this.next]; word?.kind === 'field' && word.isAttached; word = this.words[++this.next]) {
      fields.push(word.text)
    }
    return fields
  }
}

function assignment(words: readonly Word[], isRange: boolean) {
  const sign = words.findIndex(({ kind, text }) => kind === 'sign' && (text === ':=' || text === '='))
  if (sign < 0) return { names: [], declares: false, rest: words }
  const before = words.slice(0, sign)
  const names = before.filter(({ kind }) => kind === 'variable').map(({ text }) => text)
  const wellFormed = before.every(({ kind, text }, index) =>
    index % 2 === 0 ? kind === 'variable' && text !== '' : kind === 'sign' && text === ',',
  )
  const most = isRange ? 2 : 1
  if (!wellFormed || names.length === 0 || names.length > most || before.length !== names.length * 2 - 1) {
    throw new TemplateProblem(`expected ${isRange ? '$index, $element' : 'one variable'} before "${words[sign]?.text}"`)
  }
  return { names, declares: words[sign]?.text === ':=', rest: words.slice(sign + 1) }
}

function refuseUnknown(name: string, scope: readonly string[]): void {
  if (name !== '' && !scope.includes(name)) {
    const known = [...new Set(scope)].map((one) => `$${one}`).join(', ')
    throw new TemplateProblem(`there is no variable $${name}; expected one of ${known}`)
  }
}

function numberOf(text: string): Operand {
  const digits = text.replaceAll('_', '')
  const octal = /^([+-]?)0([0-7]+)$/.exec(digits)
  const hex = /^([+-]?)(0[xXbBoO].*)$/.exec(digits)
  if (octal)
    return { type: 'number', value: Number(`${octal[1]}1`) * Number.parseInt(octal[2] ?? '', 8), isInteger: true }
  if (hex) return { type: 'number', value: Number(`${hex[1]}1`) * Number(hex[2]), isInteger: true }
  return { type: 'number', value: Number(digits), isInteger: !/[.eE]/.test(digits) }
}

function shown(operand: Operand): string {
  switch (operand.type) {
    case 'function':
      return operand.name
    case 'constant':
    case 'number':
      return JSON.stringify(operand.value)
    case 'dot':
      return `.${operand.fields.join('.')}`
    case 'variable':
      return `$${[operand.name, ...operand.fields].join('.')}`
    case 'group':
      return 'a parenthesis'
  }
}
