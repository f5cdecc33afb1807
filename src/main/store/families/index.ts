/** Every table family: a new one is one file and one line here, with its migration beside it. */
import type { QuestionsOf, WritesOf } from '../family.ts'
import { accessTables } from './access.ts'
import { alertTables } from './alerts.ts'
import { checkTables } from './checks.ts'
import { outboxTables } from './outbox.ts'
import { pingTables } from './pings.ts'

export const families = [checkTables, alertTables, outboxTables, accessTables, pingTables] as const

export type StateWrites = WritesOf<typeof families>
export type StateQuestions = QuestionsOf<typeof families>
