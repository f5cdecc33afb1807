import { defineFamily } from '../family.ts'

export const checkTables = defineFamily({ writes: () => ({}), questions: () => ({}) })
