/** Where a value stands in the text of a JSON document, for messages that name a line. Knows nothing of what it means. */

/**
 * The 1-based line of the value at `path`: object keys and array indices from the top. Of what is not there, the line of
 * the nearest value above it that is. The text must be valid JSON.
 */
export function lineOfPath(text: string, path: readonly (string | number)[]): number {
  return text.slice(0, placeOf(text, path)).split('\n').length
}

/** What `JSON.parse` says of a text that is none, and the line of the first thing that does not belong there. */
export function jsonProblem(text: string, error: unknown): { readonly line: number; readonly message: string } {
  const said = error instanceof Error ? error.message : String(error)
  // V8 quotes the text around, and names a position for some mistakes only.
  const what = said.replace(/(?: in JSON)? at position.*$/, '').replace(/, (\.{3})?"[\s\S]*" is not valid JSON$/, '')
  const line = text.slice(0, firstMistake(text)).split('\n').length
  return { line, message: `expected JSON, which this is not: ${what}.` }
}

const tokensOfJson = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+|"/g

/** Index of the first token that JSON does not allow there; the text's length where it only ends too early. */
function firstMistake(text: string): number {
  const open: string[] = []
  let expected: 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'more' = 'value'
  for (const { 0: token, index } of text.matchAll(tokensOfJson)) {
    const takesValue = expected === 'value' || expected === 'value or end'
    if (token === '{' || token === '[') {
      if (!takesValue) return index
      open.push(token)
      expected = token === '{' ? 'key or end' : 'value or end'
    } else if (token === '}' || token === ']') {
      const isEnd = expected === 'more' || expected === (token === '}' ? 'key or end' : 'value or end')
      if (!isEnd || open.pop() !== (token === '}' ? '{' : '[')) return index
      expected = 'more'
    } else if (token === ',') {
      if (expected !== 'more' || open.length === 0) return index
      expected = open.at(-1) === '{' ? 'key' : 'value'
    } else if (token === ':') {
      if (expected !== 'colon') return index
      expected = 'value'
    } else if (!isScalar(token)) {
      return index
    } else if (takesValue) {
      expected = 'more'
    } else if ((expected === 'key' || expected === 'key or end') && token.startsWith('"')) {
      expected = 'colon'
    } else return index
  }
  return text.length
}

function isScalar(token: string): boolean {
  try {
    JSON.parse(token)
    return true
  } catch {
    return false // The whole text was refused for this or for something before it.
  }
}

interface Frame {
  readonly isArray: boolean
  /** Key or index of the value that comes next. */
  key: string | number
}

/** Reads token by token; no recursion, so no depth is too much. */
function placeOf(text: string, path: readonly (string | number)[]): number {
  const frames: Frame[] = []
  let best = 0
  let bestDepth = -1
  let expectsKey = false
  for (const { 0: token, index } of text.matchAll(tokensOfJson)) {
    const frame = frames.at(-1)
    if (token === '}' || token === ']') {
      frames.pop()
      expectsKey = false
    } else if (token === ',') {
      if (frame?.isArray) frame.key = Number(frame.key) + 1
      expectsKey = frame !== undefined && !frame.isArray
    } else if (token === ':') {
      expectsKey = false
    } else if (expectsKey && frame) {
      frame.key = String(JSON.parse(token))
      // An unknown field is told at its name.
      if (frames.length === path.length && isPrefix(frames, path)) return index
    } else {
      if (frames.length > bestDepth && frames.length <= path.length && isPrefix(frames, path)) {
        best = index
        bestDepth = frames.length
        if (bestDepth === path.length) return best
      }
      if (token === '{' || token === '[') frames.push({ isArray: token === '[', key: 0 })
      expectsKey = token === '{'
    }
  }
  return best
}

const isPrefix = (frames: readonly Frame[], path: readonly (string | number)[]) =>
  frames.every(({ key }, depth) => String(key) === String(path[depth]))
