/**
 * All keys of the console in one registry: global ones and those of the view that is shown. One listener on the window
 * finds the binding, newest first, so a view may take a global key over. Letters are not taken from someone who types.
 */
import { create } from 'zustand'

export interface KeyBinding {
  /** `/`, `a`, `Enter`, `mod+k`, or one after the other: `g o`. `mod` is Ctrl, on a Mac Command. */
  readonly keys: string
  /** What it does, as the sheet of keys says it. */
  readonly title: string
  readonly run: () => void
}

export interface KeyGroup {
  /** Heading in the sheet of keys, such as `Checks`. */
  readonly title: string
  readonly bindings: readonly KeyBinding[]
}

interface KeyStore {
  /** In the order they were added. */
  readonly groups: readonly KeyGroup[]
}

export const useKeyStore = create<KeyStore>(() => ({ groups: [] }))

/** Returns what removes the group again. */
export function addKeys(group: KeyGroup): () => void {
  useKeyStore.setState(({ groups }) => ({ groups: [...groups, group] }))
  return () => useKeyStore.setState(({ groups }) => ({ groups: groups.filter((other) => other !== group) }))
}

/** How long the second key of a sequence is waited for. */
const sequenceMs = 1200

/** Listens for keys; returns what ends it. */
export function listenForKeys(target: Window): () => void {
  let prefix: { readonly key: string; readonly at: number } | null = null
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const chord = chordOf(event)
    // In an editor with a shadow root the event seems to come from the root's host.
    const from = event.composedPath()[0] ?? event.target
    if (chord === null || (isTyping(from) && !chord.startsWith('mod+'))) return
    if (isPressing(from, chord)) return
    const begun = prefix && event.timeStamp - prefix.at < sequenceMs ? prefix.key : null
    const wanted = begun === null ? chord : `${begun} ${chord}`
    const bindings = useKeyStore.getState().groups.flatMap((group) => group.bindings)
    const binding = bindings.findLast(({ keys }) => keys === wanted)
    prefix = null
    if (binding) {
      event.preventDefault()
      binding.run()
    } else if (bindings.some(({ keys }) => keys.startsWith(`${chord} `))) {
      prefix = { key: chord, at: event.timeStamp }
    }
  }
  target.addEventListener('keydown', listen)
  return () => target.removeEventListener('keydown', listen)
}

/** A key event in the notation of bindings; null for a modifier by itself, and for keys the browser owns. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string | null {
  if (event.altKey || ['Control', 'Meta', 'Shift', 'Alt'].includes(event.key)) return null
  const key = event.key === ' ' ? 'Space' : event.key
  return event.ctrlKey || event.metaKey ? `mod+${key.length === 1 ? key.toLowerCase() : key}` : key
}

/** Whether the key presses what has the focus: a focused link goes where it leads, whatever the view's Enter would do. */
function isPressing(target: EventTarget | null, chord: string): boolean {
  if (chord !== 'Enter' && chord !== 'Space') return false
  return target instanceof Element && target.closest('a[href], button, summary, input, [role=button]') !== null
}

/** Whether letters belong to the element that has the focus, or an open menu or dialog owns the keyboard. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])'))
    return true
  return target.closest('[role=dialog]:not([data-keys]), [role=menu], [role=listbox], [role=alertdialog]') !== null
}
