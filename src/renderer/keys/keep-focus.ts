/**
 * Keeps the keyboard's place. When what had the focus is gone (a removed row, a closed drawer, another screen) and
 * nothing else has taken it, the screen does: the next Tab starts there, and readers go on there, not at the page's top.
 */

/** A dialog or menu that closes gives the focus back within this time. */
const givenBackMs = 150

/** `screen` is asked for when it is needed. Returns what ends it. */
export function keepFocus(screen: () => HTMLElement | null): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const lost = ({ target, relatedTarget }: FocusEvent) => {
    if (relatedTarget !== null) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      const isGone = target instanceof Node && !target.isConnected
      if (isGone && document.activeElement === document.body) screen()?.focus({ preventScroll: true })
    }, givenBackMs)
  }
  document.addEventListener('focusout', lost)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('focusout', lost)
  }
}
