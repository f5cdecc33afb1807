import { defineFamily } from '../family.ts'

export const accessTables = defineFamily({ writes: () => ({}), questions: () => ({}) })
