import { defineFamily } from '../family.ts'

export const alertTables = defineFamily({ writes: () => ({}), questions: () => ({}) })
