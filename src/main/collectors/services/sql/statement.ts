/**
 * Whether a statement may be asked at all. The server enforces that it only reads (a cursor in a read-only transaction);
 * this is what can be said in plain words before anything is sent. Pure.
 */

/** What writes, wherever it stands in a statement. Texts, names in quotes and comments are out of it by then. */
const writes: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\binsert\s+into\b/i, 'INSERT'],
  [/\bupdate\s+(only\s+)?[\w".]+(\s+(as\s+)?\w+)?\s+set\b/i, 'UPDATE'],
  [/\bdelete\s+from\b/i, 'DELETE'],
  [/\bmerge\s+into\b/i, 'MERGE'],
  [/\bfor\s+(no\s+key\s+)?(update|share)\b|\bfor\s+key\s+share\b/i, 'FOR UPDATE, which locks rows'],
  [/\bselect\b[^;]*?\binto\s+(?!strict\b)[\w"]/i, 'SELECT INTO'],
]
const readers = ['select', 'with', 'values', 'table']

/** Null when it reads, as far as one can see. */
export function statementProblem(text: string): string | null {
  const bare = withoutTexts(text)
  const body = bare.replace(/;\s*$/, '')
  if (body.includes(';')) return 'expected one statement, came several: leave out what follows the first ;'
  const first = /[a-z]+/i.exec(body)?.[0] ?? ''
  if (!readers.includes(first.toLowerCase())) {
    const came = first === '' ? 'nothing that can be run' : first.toUpperCase()
    return `expected a statement that only reads (SELECT, WITH, VALUES or TABLE), came ${came}: collectors never write`
  }
  const written = writes.find(([pattern]) => pattern.test(body))
  return written === undefined
    ? null
    : `expected a statement that only reads, came ${written[1]}: collectors never write`
}

/** The statement to be put under a cursor. */
export function withoutEnd(text: string): string {
  return text.replace(/[\s;]+$/, '')
}

/** Comments, texts in quotes and between dollar signs become blanks, names in quotes a name. */
function withoutTexts(text: string): string {
  return text.replace(
    /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:\\[\s\S]|''|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/g,
    (part) => (part.startsWith('"') ? ' quoted ' : ' '),
  )
}
