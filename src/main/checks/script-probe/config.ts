/** What a script check can be configured with. The form is drawn from this. */
import { z } from 'zod'

const noNul = (text: string) => !text.includes('\0')
const nulMessage = { message: 'expected text without NUL characters' }

const Word = z.string().max(4000).refine(noNul, nulMessage)

export const ScriptConfig = z.strictObject({
  command: z
    .array(Word)
    .min(1, 'expected the program, and its arguments one by one')
    .max(100)
    .refine(([program = '']) => program.trim() !== '', { message: 'expected a program as the first entry' })
    .meta({
      title: 'Command',
      description: 'The program and its arguments, one by one; no shell reads them. Everybody can see arguments in ps.',
    }),
  cwd: z.string().max(4000).refine(noNul, nulMessage).default('').meta({
    title: 'Folder',
    description: 'Where it runs; empty: the root folder',
    group: 'Process',
  }),
  environment: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'expected the name of a variable, such as PGHOST'))
    .max(100)
    .default([])
    .meta({
      title: 'Environment',
      description: 'Names of Belfry’s own variables that it may see, beside PATH, HOME and USER',
      group: 'Process',
    }),
  secret: z.string().max(4000).refine(noNul, nulMessage).default('').meta({
    title: 'Secret',
    description: 'Handed over as the variable BELFRY_SECRET',
    secret: true,
    group: 'Process',
  }),
  host: z.string().trim().max(255).default('').meta({
    title: 'Host it looks at',
    description: 'Its result is not judged while this machine has no way to this host; empty: it looks at this machine',
    group: 'Process',
  }),
})
export type ScriptConfig = z.output<typeof ScriptConfig>
