/** What tells the series of this machine from those of machines that are scraped: the latter name their instance. */
import type { Matcher } from './series.ts'

export const ofOwnMachine: Matcher = { label: 'instance', op: '=', value: '' }
