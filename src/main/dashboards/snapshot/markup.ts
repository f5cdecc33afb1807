/** HTML and SVG as text. Whatever comes from a board or from series goes through `escaped`; nothing else makes markup. */
import { type Block, type Inline, parseMarkdown } from '#shared/domain/markdown.ts'

/** Text for elements and for attributes in double quotes. What XML does not allow at all is left out. */
export function escaped(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

type Attributes = Readonly<Record<string, string | number | null>>

/** An element; `content` is markup already. Attributes that are null are left out. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`],
  )
  return `<${name}${written.join('')}>${content}</${name}>`
}

/** Hundredths of a pixel are not seen, and make pages long. */
const rounded = (value: number) => String(Math.round(value * 100) / 100)

export function markdownHtml(text: string): string {
  return parseMarkdown(text).map(blockHtml).join('')
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'heading':
      return element(block.level === 1 ? 'h3' : 'h4', {}, inlineHtml(block.children))
    case 'paragraph':
      return element('p', {}, inlineHtml(block.children))
    case 'code':
      return element('pre', {}, escaped(block.text))
    case 'quote':
      return element('blockquote', {}, block.blocks.map(blockHtml).join(''))
    case 'rule':
      return '<hr>'
    case 'list': {
      const items = block.items.map((item) => element('li', {}, item.map(blockHtml).join('')))
      return element(block.isOrdered ? 'ol' : 'ul', {}, items.join(''))
    }
  }
}

const inlineHtml = (parts: readonly Inline[]): string => parts.map(partHtml).join('')

function partHtml(part: Inline): string {
  switch (part.type) {
    case 'text':
      return escaped(part.text)
    case 'code':
      return element('code', {}, escaped(part.text))
    case 'strong':
      return element('strong', {}, inlineHtml(part.children))
    case 'emphasis':
      return element('em', {}, inlineHtml(part.children))
    case 'deleted':
      return element('del', {}, inlineHtml(part.children))
    case 'link':
      // A path of Belfry leads nowhere from a file.
      return /^https?:\/\//.test(part.href)
        ? element('a', { href: part.href, rel: 'noreferrer noopener' }, inlineHtml(part.children))
        : inlineHtml(part.children)
  }
}
