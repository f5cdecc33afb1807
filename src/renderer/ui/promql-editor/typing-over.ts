/**
 * Typing over a selection, done by the editor itself. Left to it, Chromium keeps the look of what was selected by writing
 * inline styles, which the page's policy refuses with a complaint for every letter.
 */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

export const typingOver: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main
    const text = event.data
    if (event.inputType !== 'insertText' || text === null || empty || event.isComposing) return false
    const typed = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type' })
    const isTaken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, typed))
    if (!isTaken) view.dispatch(typed())
    return true
  },
})
