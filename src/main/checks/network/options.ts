/** Options that every kind with a connection of its own has, said the same everywhere. */
import { z } from 'zod'

export const tlsOptions = {
  verifyTls: z.boolean().default(true).meta({ title: 'Verify the certificate', group: 'TLS' }),
  authorities: z
    .string()
    .max(100_000)
    .default('')
    .refine((text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'), {
      message: 'expected certificates in PEM form, beginning with -----BEGIN CERTIFICATE-----',
    })
    .meta({ title: 'Own authorities', description: 'PEM, trusted in addition', group: 'TLS', multiline: true }),
}

export const connectionOptions = {
  ipVersion: z.enum(['any', '4', '6']).default('any').meta({ title: 'IP version', group: 'Connection' }),
}
