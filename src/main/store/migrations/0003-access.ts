import type { Migration } from './index.ts'

export const access: Migration = { number: 3, name: 'access', sql: '' }
