/** What somebody else said, as a sentence that others can follow: trimmed, and with a full stop. Empty stays empty. */
export function asSentence(text: string): string {
  const said = text.trim()
  return said === '' || /[.!?]$/.test(said) ? said : `${said}.`
}
