/** What a DNS check can be configured with. The form is drawn from this. */
import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { compilePattern } from '#shared/domain/pattern.ts'
import { parseHost, parseHostPort } from '../network/host.ts'
import { questionBytes, type RecordType, recordTypes, responseCodes } from './message.ts'

const typeNames = Object.keys(recordTypes) as [RecordType, ...RecordType[]]

/** The name in ASCII; null when DNS has no such name. */
export function askedName(text: string): string | null {
  const ascii = /^[\x21-\x7e]+$/.test(text) ? text : domainToASCII(text)
  if (ascii === '') return null
  try {
    questionBytes({ id: 0, name: ascii, type: 'A', recursive: true })
    return ascii
  } catch {
    return null // RangeError is the way to say that no message can hold it.
  }
}

/** `1.1.1.1`, `1.1.1.1:5353`, `ns1.example.com`; null when it is none of them. */
export function parseResolver(text: string): { host: string; port: number } | null {
  const host = parseHost(text)
  return host === null ? parseHostPort(text) : { host, port: 53 }
}

export const DnsConfig = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .refine((text) => askedName(text) !== null, { message: 'expected a name such as example.com' })
      .meta({ title: 'Name', description: 'An address is looked up backwards with PTR', placeholder: 'example.com' }),
    type: z.enum(typeNames).default('A').meta({ title: 'Type of record', essential: true }),
    resolver: z
      .string()
      .trim()
      .max(300)
      .default('')
      .refine((text) => text === '' || parseResolver(text) !== null, {
        message: 'expected an address or name such as 192.0.2.53 or 192.0.2.53:5353, or nothing',
      })
      .meta({
        title: 'Server',
        description: 'Who is asked; empty: the resolver of this machine',
        placeholder: '192.0.2.53',
        essential: true,
      }),
    transport: z.enum(['udp', 'tcp']).default('udp').meta({ title: 'Transport', group: 'Question' }),
    recursive: z.boolean().default(true).meta({
      title: 'Ask it to look further',
      description: 'Off: only what the server itself knows',
      group: 'Question',
    }),
    expectedCode: z.enum(responseCodes).default('NOERROR').meta({ title: 'Expected code', group: 'Answer' }),
    mode: z
      .enum(['anyOf', 'allOf', 'exactly', 'matches'])
      .default('anyOf')
      .meta({
        title: 'The records must be',
        choiceTitles: {
          anyOf: 'at least one of these',
          allOf: 'all of these, others too',
          exactly: 'exactly these',
          matches: 'matches of these patterns',
        },
        group: 'Answer',
      }),
    expected: z.array(z.string().trim().min(1).max(1000)).max(100).default([]).meta({
      title: 'Expected records',
      description: 'As a zone file writes them, such as 192.0.2.1 or 10 mail.example.com; patterns in RE2 syntax',
      group: 'Answer',
    }),
    ipVersion: z.enum(['any', '4', '6']).default('any').meta({ title: 'IP version', group: 'Question' }),
  })
  .superRefine(({ mode, expected }, context) => {
    if (mode !== 'matches') return
    for (const [index, pattern] of expected.entries()) {
      try {
        compilePattern(pattern)
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error)
        context.addIssue({
          code: 'custom',
          path: ['expected', index],
          message: `expected a regular expression in RE2 syntax: ${cause}`,
        })
      }
    }
  })
export type DnsConfig = z.output<typeof DnsConfig>
