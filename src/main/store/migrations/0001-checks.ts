import type { Migration } from './index.ts'

export const checks: Migration = { number: 1, name: 'checks', sql: '' }
