/**
 * CodeMirror behind a React component. The editor lives in a shadow root: there its style sheets are constructed and
 * adopted, which the page's policy allows, while in the document they would be inline elements, which it forbids.
 */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, syntaxHighlighting } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import { drawSelection, EditorView, keymap, placeholder as placeholderText } from '@codemirror/view'
import { PromQLExtension } from '@prometheus-io/codemirror-promql'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useClient } from '../../client/client-context.tsx'
import { completionOf } from './completion-source.ts'
import { editorTheme, expressionColors } from './editor-theme.ts'
import type { ExpressionProblem } from './expression-problem.ts'
import { typingOver } from './typing-over.ts'

interface CodeFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSubmit?: () => void
  readonly problems: readonly ExpressionProblem[]
  readonly ariaLabel: string
  readonly placeholder: string
  /** Id of the element that says what is wrong. */
  readonly describedBy: string
  readonly autoFocus: boolean
  readonly isReadOnly: boolean
}

export function CodeField(props: CodeFieldProps) {
  const { value, problems, ariaLabel, placeholder, describedBy, autoFocus, isReadOnly } = props
  const client = useClient()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const changed = useEffectEvent((text: string) => props.onChange(text))
  const submitted = useEffectEvent(() => props.onSubmit?.())
  // Only as it begins: another wish to have the focus is no reason to make another editor.
  const begun = useEffectEvent(() => ({ value, autoFocus }))

  useEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const promql = new PromQLExtension().activateLinter(false).setComplete({ completeStrategy: completionOf(client) })
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: begun().value,
        extensions: [
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ maxRenderedOptions: 80, icons: false }),
          promql.asExtension(),
          syntaxHighlighting(expressionColors),
          editorTheme,
          typingOver,
          EditorView.lineWrapping,
          placeholderText(placeholder),
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ 'aria-label': ariaLabel, spellcheck: 'false' }),
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: () => {
                  submitted()
                  return true
                },
              },
              {
                // The list would be a stop of its own on the way out of the field.
                key: 'Tab',
                run: (shown) => {
                  closeCompletion(shown)
                  return false
                },
              },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    if (begun().autoFocus) made.focus()
    return () => {
      view.current = null
      made.destroy()
      promql.destroy()
    }
  }, [client, ariaLabel, placeholder, isReadOnly])

  useEffect(() => {
    const shown = view.current
    const text = shown?.state.doc.toString()
    if (!shown || text === undefined || text === value) return
    shown.dispatch({ changes: { from: 0, to: text.length, insert: value } })
  }, [value])

  useEffect(() => {
    const shown = view.current
    if (!shown) return
    const length = shown.state.doc.length
    const diagnostics = problems.map(({ message, from, to }) => ({
      severity: 'error' as const,
      message,
      from: Math.min(from, length),
      to: Math.min(Math.max(from, to), length),
    }))
    shown.dispatch(setDiagnostics(shown.state, diagnostics))
    shown.contentDOM.setAttribute('aria-invalid', String(problems.length > 0))
    // An id does not reach out of a shadow root; the element itself does, where the browser knows it.
    const words = document.getElementById(describedBy)
    if (words && 'ariaDescribedByElements' in shown.contentDOM) shown.contentDOM.ariaDescribedByElements = [words]
  }, [problems, describedBy])

  return <div ref={host} />
}
