import type { Migration } from './index.ts'

export const alerts: Migration = { number: 2, name: 'alerts', sql: '' }
