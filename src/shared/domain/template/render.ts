/** Walks the tree of a template and writes its text, within bounds. */
import type { Command, Node, Operand, Pipe } from './ast.ts'
import { functions, type Surroundings } from './functions.ts'
import { plain } from './go-print.ts'
import { int, isTrue, labelOf, nil, type QueriedSample, RenderProblem, text, typeName, type Value } from './value.ts'

/** A range over everything there is must end: about ten milliseconds. */
const mostSteps = 50_000
/** Of the text, and of any value on the way. */
const mostCharacters = 65_536

type Data = Readonly<Record<'Labels' | 'ExternalLabels' | 'ExternalURL' | 'Value', Value>>

/** Throws RenderProblem, and what `surroundings` throws. */
export function renderNodes(nodes: readonly Node[], data: Data, surroundings: Surroundings): string {
  const root: Value = { type: 'data', fields: data }
  const rendering = new Rendering(surroundings)
  const scope: Scope = [
    ['', root],
    ['labels', data.Labels],
    ['externalLabels', data.ExternalLabels],
    ['externalURL', data.ExternalURL],
    ['value', data.Value],
  ]
  rendering.write(nodes, root, scope)
  return rendering.output
}

/** Variables with their values, the innermost last. */
type Scope = [name: string, value: Value][]

type Control = Extract<Node, { type: 'if' | 'with' | 'range' }>

/** How a list of nodes was left. */
type Leaving = 'end' | 'break' | 'continue'

class Rendering {
  output = ''
  private steps = 0
  private readonly surroundings: Surroundings
  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings
  }

  write(nodes: readonly Node[], dot: Value, scope: Scope): Leaving {
    for (const node of nodes) {
      this.count()
      switch (node.type) {
        case 'text':
          this.add(node.text)
          break
        case 'print': {
          const value = this.valueOf(node.pipe, dot, scope)
          if (node.pipe.names.length === 0) this.add(plain(value))
          break
        }
        case 'if':
        case 'with': {
          const inner = [...scope]
          const value = this.valueOf(node.pipe, dot, inner)
          const isWith = node.type === 'with'
          const holds = isTrue(value)
          const leaving = this.inside(holds ? node.body : node.otherwise, isWith && holds ? value : dot, inner, scope)
          if (leaving !== 'end') return leaving
          break
        }
        case 'range': {
          const leaving = this.range(node, dot, scope)
          if (leaving !== 'end') return leaving
          break
        }
        case 'break':
        case 'continue':
          return node.type
      }
    }
    return 'end'
  }

  /** Variables that the inside declares end with it; those of the outside that it changed stay changed. */
  private inside(nodes: readonly Node[], dot: Value, inner: Scope, outer: Scope): Leaving {
    const leaving = this.write(nodes, dot, inner)
    for (const index of outer.keys()) outer[index] = inner[index] ?? ['', nil]
    return leaving
  }

  private range(node: Control, dot: Value, scope: Scope): Leaving {
    const { names, declares } = node.pipe
    const inner = [...scope]
    const value = this.pipeValue(node.pipe, dot, inner)
    const items = itemsOf(value)
    if (!isTrue(value)) return this.inside(node.otherwise, dot, inner, scope)
    for (const [key, item] of items) {
      const round: Scope = [...scope]
      const [first, second] = names
      if (first !== undefined) this.assign(round, first, second === undefined ? item : key, declares)
      if (second !== undefined) this.assign(round, second, item, declares)
      this.count()
      if (this.inside(node.body, item, round, scope) === 'break') break
    }
    return 'end'
  }

  private assign(scope: Scope, name: string, value: Value, declares: boolean): void {
    if (declares) {
      scope.push([name, value])
      return
    }
    const index = scope.findLastIndex(([known]) => known === name)
    scope[index] = [name, value]
  }

  private valueOf(pipe: Pipe, dot: Value, scope: Scope): Value {
    const value = this.pipeValue(pipe, dot, scope)
    const [name] = pipe.names
    if (name !== undefined) this.assign(scope, name, value, pipe.declares)
    return value
  }

  private pipeValue(pipe: Pipe, dot: Value, scope: Scope): Value {
    let piped: Value | null = null
    for (const command of pipe.commands) piped = this.commandValue(command, piped, dot, scope)
    return piped ?? nil
  }

  private commandValue({ operands }: Command, piped: Value | null, dot: Value, scope: Scope): Value {
    this.count()
    const [head, ...rest] = operands
    if (!head) return nil
    if (head.type !== 'function') return this.operandValue(head, dot, scope)
    if (head.name === 'and' || head.name === 'or') return this.shortCircuit(head.name, rest, piped, dot, scope)
    const args = rest.map((operand) => this.operandValue(operand, dot, scope))
    if (piped) args.push(piped)
    return this.called(head.name, args)
  }

  private called(name: string, args: readonly Value[]): Value {
    const known = functions[name]
    if (!known) throw new Error(`the parser lets no function ${name} through`)
    if (args.length < known.least || args.length > known.most) {
      const wanted = known.least === known.most ? `${known.least}` : `at least ${known.least}`
      throw new RenderProblem(`wrong number of args for ${name}: want ${wanted} got ${args.length}`)
    }
    const value = known.call(args, this.surroundings)
    if (value.type === 'string' && value.value.length > mostCharacters) throw tooLong()
    return value
  }

  /** `and` gives the first argument that is not true, `or` the first that is; else the last. */
  private shortCircuit(
    name: 'and' | 'or',
    rest: readonly Operand[],
    piped: Value | null,
    dot: Value,
    scope: Scope,
  ): Value {
    let value: Value | null = null
    for (const operand of rest) {
      value = this.operandValue(operand, dot, scope)
      if (isTrue(value) === (name === 'or')) return value
    }
    const last = piped ?? value
    if (!last) throw new RenderProblem(`wrong number of args for ${name}: want at least 1 got 0`)
    return last
  }

  private operandValue(operand: Operand, dot: Value, scope: Scope): Value {
    switch (operand.type) {
      case 'function':
        return this.called(operand.name, [])
      case 'constant':
        return constant(operand.value)
      case 'number':
        return { type: operand.isInteger ? 'int' : 'float', value: operand.value }
      case 'dot':
        return operand.fields.reduce(fieldOf, dot)
      case 'variable':
        return operand.fields.reduce(fieldOf, scope.findLast(([name]) => name === operand.name)?.[1] ?? nil)
      case 'group':
        return operand.fields.reduce(fieldOf, this.pipeValue(operand.pipe, dot, scope))
    }
  }

  private add(part: string): void {
    if (this.output.length + part.length > mostCharacters) throw tooLong()
    this.output += part
  }

  private count(): void {
    if (++this.steps > mostSteps)
      throw new RenderProblem(`it takes more than ${mostSteps} steps; let it range over less`)
  }
}

const tooLong = () => new RenderProblem(`its text is longer than ${mostCharacters} characters; let it say less`)

function constant(value: string | boolean | null): Value {
  if (value === null) return nil
  return typeof value === 'string' ? text(value) : { type: 'bool', value }
}

function fieldOf(value: Value, name: string): Value {
  switch (value.type) {
    case 'map':
      return text(labelOf(value.entries, name))
    case 'sample':
      if (name === 'Labels') return { type: 'map', entries: value.sample.labels }
      if (name === 'Value') return { type: 'float', value: value.sample.value }
      break
    case 'data': {
      const field = Object.hasOwn(value.fields, name) ? value.fields[name] : undefined
      if (field) return field
    }
  }
  throw new RenderProblem(`can't evaluate field ${name} in type ${typeName(value)}`)
}

/** What a range goes over, with its keys: maps by name, samples by place. */
function itemsOf(value: Value): Iterable<[key: Value, item: Value]> {
  switch (value.type) {
    case 'list':
      return samplesIn(value.samples)
    case 'map':
      return Object.keys(value.entries)
        .sort()
        .map((name) => [text(name), text(value.entries[name] ?? '')])
    case 'nil':
      return []
    default:
      throw new RenderProblem(`range can't iterate over ${plain(value)}`)
  }
}

/** One after the other: there may be very many. */
function* samplesIn(samples: readonly QueriedSample[]): Generator<[key: Value, item: Value]> {
  for (const [index, sample] of samples.entries()) yield [int(index), { type: 'sample', sample }]
}
