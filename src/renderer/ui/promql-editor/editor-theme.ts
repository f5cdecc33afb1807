/** The editor in the console's tokens: they reach into its shadow root, and change with the theme by themselves. */
import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export const editorTheme = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: 'var(--text-13)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', fontVariantLigatures: 'none', maxHeight: '240px' },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--focus) 35%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--hover)', boxShadow: '0 0 0 1px var(--line-strong)' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'none', boxShadow: '0 0 0 1px var(--down)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--down)',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--down)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--raised)',
    color: 'var(--text)',
    fontVariantLigatures: 'none',
    boxShadow: 'var(--shadow)',
    zIndex: '20',
  },
  '.cm-diagnostic': { padding: '4px 8px', fontFamily: 'var(--font)', fontSize: 'var(--text-12)', border: '0' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--down)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--text-12)',
    maxHeight: '260px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--button)', color: 'var(--button-text)' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'var(--button-text)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-tooltip.cm-completionInfo': {
    maxWidth: '360px',
    padding: '6px 10px',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-12)',
    lineHeight: '18px',
  },
})

export const expressionColors = HighlightStyle.define([
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], color: 'var(--series-1)' },
  { tag: [tags.labelName, tags.propertyName], color: 'var(--series-4)' },
  { tag: tags.string, color: 'var(--series-3)' },
  { tag: tags.number, color: 'var(--series-2)' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.operator], color: 'var(--muted)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
])
