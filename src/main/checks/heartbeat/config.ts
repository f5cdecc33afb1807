/** What a heartbeat can be configured with: by which address it is told, when it is due, and how late it may be. */
import { z } from 'zod'
import { cronProblem, isZone } from './schedule.ts'

const secondMs = 1000
const dayMs = 86_400_000

const Schedule = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('period'),
      periodMs: z
        .number()
        .int()
        .min(10 * secondMs)
        .max(366 * dayMs)
        .default(dayMs)
        .meta({ title: 'Every', description: 'The longest time between two successes', unit: 'ms' }),
    })
    .meta({ title: 'Every so often' }),
  z
    .strictObject({
      type: z.literal('cron'),
      expression: z
        .string()
        .trim()
        .max(100)
        .default('0 3 * * *')
        .superRefine((text, context) => {
          const problem = cronProblem(text)
          if (problem !== null) context.addIssue({ code: 'custom', message: problem })
        })
        .meta({ title: 'Cron expression', placeholder: '0 3 * * *' }),
      zone: z
        .string()
        .trim()
        .max(60)
        .default('UTC')
        .refine(isZone, { message: 'expected a time zone such as Europe/Berlin or UTC' })
        .meta({ title: 'Time zone', placeholder: 'Europe/Berlin' }),
    })
    .meta({ title: 'Cron expression' }),
])

export const HeartbeatConfig = z
  .strictObject({
    id: z
      .uuid({ message: 'expected a UUID such as 7f4c2a1e-0a5b-4d7e-9c3f-2b1d8e6a4f50' })
      .toLowerCase()
      .meta({ title: 'Ping id', description: 'Whoever knows it can ping', generated: 'uuid' }),
    schedule: Schedule.default({ type: 'period', periodMs: dayMs }).meta({ title: 'Expected', essential: true }),
    graceMs: z
      .number()
      .int()
      .min(secondMs)
      .max(366 * dayMs)
      .default(300 * secondMs)
      .meta({
        title: 'Grace',
        description: 'How late it may come, and how long a started run may take',
        unit: 'ms',
        essential: true,
      }),
  })
  // The form shows the address and ready commands for the id in this field.
  .meta({ pingedBy: 'id' })
export type HeartbeatConfig = z.output<typeof HeartbeatConfig>
