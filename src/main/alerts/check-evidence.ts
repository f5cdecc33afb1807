import type { Message } from '#main/notify/message.ts'
import { asSentence } from '#main/notify/sentence.ts'
import type { StateStore } from '#main/store/state-store.ts'

/** A failure longer ago than this is not why an alert fires now. */
const freshMs = 15 * 60_000

/**
 * A message about a check's state with what its last failure said: whoever reads it wants to know what is wrong, and the
 * rule knows only that something is. The message itself where there is no fresh failure.
 */
export async function withCheckEvidence(message: Message, checkId: string, state: StateStore): Promise<Message> {
  const { at } = message
  const range = { from: at - freshMs, to: at + 1 }
  const [last] = await state.ask('check.results', { checkId, ...range, failuresOnly: true, before: null, limit: 1 })
  const said = asSentence(last?.reason.message ?? '')
  return said === '' ? message : { ...message, body: `${said}\n${message.body}`.trim() }
}
