/**
 * The part of Markdown that texts of a dashboard may use, as a tree: headings, paragraphs, lists, quotes, code, rules,
 * bold, italic, strike-through and links. HTML is text like any other. Links lead to the web or into Belfry, nowhere else.
 */

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis' | 'deleted'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] }

export type Block =
  | { readonly type: 'heading'; readonly level: 1 | 2 | 3 | 4 | 5 | 6; readonly children: readonly Inline[] }
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | { readonly type: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly type: 'rule' }

/** Deeper lists and quotes are text. */
const maxDepth = 6
const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/

/** Never fails: what is no Markdown is a paragraph. */
export function parseMarkdown(text: string, depth = 0): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  const take = (isPart: (line: string) => boolean): string[] => {
    const start = at
    while (at < lines.length && isPart(lines[at] ?? '')) at++
    return lines.slice(start, at)
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line)
    if (line.trim() === '') {
      at++
    } else if (line.startsWith('```')) {
      at++
      const body = take((one) => !one.startsWith('```'))
      at++
      blocks.push({ type: 'code', text: body.join('\n') })
    } else if (heading) {
      at++
      blocks.push({
        type: 'heading',
        // One to six number signs were matched.
        level: (heading[1]?.length ?? 1) as 1 | 2 | 3 | 4 | 5 | 6,
        children: parseInline(heading[2] ?? ''),
      })
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      at++
      blocks.push({ type: 'rule' })
    } else if (depth < maxDepth && /^\s*>/.test(line)) {
      const quoted = take((one) => /^\s*>/.test(one)).map((one) => one.replace(/^\s*>\s?/, ''))
      blocks.push({ type: 'quote', blocks: parseMarkdown(quoted.join('\n'), depth + 1) })
    } else if (depth < maxDepth && item.test(line)) {
      const list = take((one) => one.trim() !== '')
      blocks.push(listOf(list, depth))
    } else {
      const first = at
      const paragraph = take((one) => one.trim() !== '' && (at === first || !beginsBlock(one)))
      blocks.push({ type: 'paragraph', children: parseInline(paragraph.map((one) => one.trim()).join('\n')) })
    }
  }
  return blocks
}

const beginsBlock = (line: string) => /^(#{1,6}\s|```|\s*>)/.test(line) || item.test(line)

/** Items are as deep as the first one; what stands further in belongs to the item above it. */
function listOf(lines: readonly string[], depth: number): Block {
  const base = item.exec(lines[0] ?? '')?.[1]?.length ?? 0
  const items: string[][] = []
  for (const line of lines) {
    const found = item.exec(line)
    if (found && (found[1]?.length ?? 0) <= base) items.push([found[3] ?? ''])
    else items.at(-1)?.push(line.slice(Math.min(base + 2, line.length - line.trimStart().length)))
  }
  return {
    type: 'list',
    isOrdered: /^\s*\d/.test(lines[0] ?? ''),
    items: items.map((one) => parseMarkdown(one.join('\n'), depth + 1)),
  }
}

/** Each alternative begins with a character of its own, so that no text makes it slow. */
const marks =
  /\\([\\`*_~[\]()#>!-])|`([^`]+)`|\*\*([^*\n]+)\*\*|__([^_\n]+)__|\*([^*\n]+)\*|\b_([^_\n]+)_\b|~~([^~\n]+)~~|!?\[([^[\]\n]*)\]\(([^()\s]+)\)|\b(https?:\/\/[^\s<>()]+[^\s<>().,;:!?])/g

export function parseInline(text: string, depth = 0): Inline[] {
  if (depth > maxDepth) return [{ type: 'text', text }]
  const parts: Inline[] = []
  let from = 0
  const plain = (to: number) => {
    if (to > from) parts.push({ type: 'text', text: text.slice(from, to) })
  }
  for (const match of text.matchAll(marks)) {
    const [whole, escaped, code, bold, bold2, italic, italic2, deleted, label, target, bare] = match
    const inner = (type: 'strong' | 'emphasis' | 'deleted', body: string): Inline => ({
      type,
      children: parseInline(body, depth + 1),
    })
    const strong = bold ?? bold2
    const emphasis = italic ?? italic2
    let part: Inline | null = null
    if (escaped !== undefined) part = { type: 'text', text: escaped }
    else if (code !== undefined) part = { type: 'code', text: code }
    else if (strong !== undefined) part = inner('strong', strong)
    else if (emphasis !== undefined) part = inner('emphasis', emphasis)
    else if (deleted !== undefined) part = inner('deleted', deleted)
    else if (bare !== undefined) part = { type: 'link', href: bare, children: [{ type: 'text', text: bare }] }
    else if (target !== undefined && isSafeLink(target)) {
      // A picture would be fetched from anywhere: it is a link.
      part = { type: 'link', href: target, children: parseInline(label || target, depth + 1) }
    }
    if (!part) continue
    plain(match.index)
    parts.push(part)
    from = match.index + whole.length
  }
  plain(text.length)
  return parts
}

/** To the web, or to a place of Belfry. */
export function isSafeLink(href: string): boolean {
  return /^(https?:\/\/|#\/|\/(?![/\\]))/i.test(href)
}
