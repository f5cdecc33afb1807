/** What a ping can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Host, parseHost } from '../network/host.ts'

export const IcmpConfig = z
  .strictObject({
    host: Host.meta({ title: 'Host', description: 'Name or address', placeholder: '192.0.2.1' }),
    packets: z.number().int().min(1).max(20).default(3).meta({ title: 'Packets', group: 'Packets' }),
    replyTimeoutMs: z
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(2000)
      .meta({ title: 'Wait for a reply', unit: 'ms', group: 'Packets' }),
    warnLossPercent: z
      .number()
      .min(0)
      .max(100)
      .default(0)
      .meta({ title: 'Degraded when more are lost', unit: '%', group: 'Packets' }),
    failLossPercent: z
      .number()
      .min(0)
      .max(100)
      .default(99)
      .meta({ title: 'Down when more are lost', unit: '%', group: 'Packets' }),
    ipVersion: z.enum(['any', '4', '6']).default('any').meta({ title: 'IP version', group: 'Connection' }),
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
export type IcmpConfig = z.output<typeof IcmpConfig>
