/** Text to pieces: what is printed as it stands, and the words of each action. */

export interface Word {
  readonly kind: 'name' | 'field' | 'variable' | 'number' | 'string' | 'char' | 'sign' | 'dot'
  /** As it is written; of strings what they stand for. */
  readonly text: string
  /** Nothing stands between it and the word before: `$x.y` is one operand, `$x .y` are two. */
  readonly isAttached: boolean
}

export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly words: readonly Word[] }

/** What is wrong with a template, in words. */
export class TemplateProblem extends Error {}

/** Go's escapes in strings. */
const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"', "'": "'" },
}

/** Throws TemplateProblem. */
export function lex(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trimsNext = false
  const addText = (to: number, trimsEnd: boolean) => {
    let part = text.slice(at, to)
    if (trimsNext) part = part.replace(/^[ \t\r\n]+/, '')
    if (trimsEnd) part = part.replace(/[ \t\r\n]+$/, '')
    if (part !== '') pieces.push({ type: 'text', text: part })
  }
  for (;;) {
    const open = text.indexOf('{{', at)
    if (open < 0) {
      addText(text.length, false)
      return pieces
    }
    const trims = /^-[ \t\r\n]/.test(text.slice(open + 2, open + 4))
    addText(open, trims)
    const action = actionAt(text, open + (trims ? 4 : 2))
    if (action.words) pieces.push({ type: 'action', words: action.words })
    at = action.end
    trimsNext = action.trims
  }
}

interface Action {
  /** Null for a comment. */
  readonly words: readonly Word[] | null
  readonly end: number
  readonly trims: boolean
}

const wordPattern =
  /[ \t\r\n]+|(?<variable>\$\w*)|(?<field>\.[\p{L}_][\p{L}\p{N}_]*)|(?<number>[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?))|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<char>'(?:[^'\\\n]|\\.)+')|(?<sign>:=|=|\||\(|\)|,)|(?<dot>\.)/uy

function actionAt(text: string, start: number): Action {
  const comment = /^\/\*.*?\*\/(?<trims>[ \t\r\n]-)?\}\}/s.exec(text.slice(start))
  if (comment) return { words: null, end: start + comment[0].length, trims: comment.groups?.['trims'] !== undefined }
  const words: Word[] = []
  let at = start
  let isAttached = false
  for (;;) {
    const close = /^(?:[ \t\r\n]-)?\}\}/.exec(text.slice(at, at + 4))?.[0]
    if (close !== undefined) return { words, end: at + close.length, trims: close.length === 4 }
    if (at >= text.length) throw new TemplateProblem('expected "}}" after "{{"')
    wordPattern.lastIndex = at
    const match = wordPattern.exec(text)
    if (!match) throw new TemplateProblem(`unexpected ${JSON.stringify(text.slice(at, at + 12))} between {{ and }}`)
    const [kind, found] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? []
    if (kind !== undefined && found !== undefined) words.push(wordOf(kind, found, isAttached))
    isAttached = kind !== undefined
    at += match[0].length
  }
}

function wordOf(kind: string, found: string, isAttached: boolean): Word {
  switch (kind) {
    case 'string':
      return { kind, text: found.startsWith('`') ? found.slice(1, -1) : unescaped(found), isAttached }
    case 'char':
      return { kind, text: unescaped(found), isAttached }
    case 'variable':
    case 'field':
      return { kind, text: found.slice(1), isAttached }
    case 'number':
    case 'name':
    case 'sign':
    case 'dot':
      return { kind, text: found, isAttached }
    default:
      throw new Error(`no word is a ${kind}`)
  }
}

function unescaped(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs,
      (all, hex2, hex4, hex8, octal, simple: string | undefined) => {
        const hex = hex2 ?? hex4 ?? hex8
        if (hex !== undefined || octal !== undefined) {
          const code = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16)
          if (code <= 0x10ffff) return String.fromCodePoint(code)
        }
        const known = simple === undefined ? undefined : escapes[simple]
        if (known === undefined) throw new TemplateProblem(`there is no escape ${all} in a string`)
        return known
      },
    )
}
