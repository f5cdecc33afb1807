/** Markdown as elements: never as HTML, so that a text of a stranger's board is nothing but text. */
import { Fragment, type ReactNode } from 'react'
import { type Block, type Inline, parseMarkdown } from '#shared/domain/markdown.ts'
import { cx } from './class-names.ts'
import css from './markdown.module.css'

export function Markdown({ text }: { readonly text: string }) {
  return <div className={cx(css['markdown'])}>{blocks(parseMarkdown(text))}</div>
}

function blocks(all: readonly Block[]): ReactNode {
  // The parts of one text never move.
  return all.map((block, index) => <Fragment key={keyOf(index)}>{drawn(block)}</Fragment>)
}

function drawn(block: Block): ReactNode {
  switch (block.type) {
    case 'heading': {
      // The screen has its heading and the panel its own: a text's begin below them.
      const Tag = block.level === 1 ? 'h3' : 'h4'
      return <Tag>{inline(block.children)}</Tag>
    }
    case 'paragraph':
      return <p>{inline(block.children)}</p>
    case 'code':
      return <pre>{block.text}</pre>
    case 'quote':
      return <blockquote>{blocks(block.blocks)}</blockquote>
    case 'rule':
      return <hr />
    case 'list': {
      const Tag = block.isOrdered ? 'ol' : 'ul'
      return (
        <Tag>
          {block.items.map((item, index) => (
            <li key={keyOf(index)}>{blocks(item)}</li>
          ))}
        </Tag>
      )
    }
  }
}

function inline(all: readonly Inline[]): ReactNode {
  return all.map((part, index) => <Fragment key={keyOf(index)}>{drawnInline(part)}</Fragment>)
}

function drawnInline(part: Inline): ReactNode {
  switch (part.type) {
    case 'text':
      return part.text
    case 'code':
      return <code>{part.text}</code>
    case 'strong':
      return <strong>{inline(part.children)}</strong>
    case 'emphasis':
      return <em>{inline(part.children)}</em>
    case 'deleted':
      return <del>{inline(part.children)}</del>
    case 'link':
      return part.href.startsWith('#') ? (
        <a href={part.href}>{inline(part.children)}</a>
      ) : (
        <a href={part.href} target="_blank" rel="noreferrer noopener">
          {inline(part.children)}
        </a>
      )
  }
}

const keyOf = (index: number) => `part ${index}`
