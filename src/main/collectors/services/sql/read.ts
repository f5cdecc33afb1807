/** One run of an operator's query: under a cursor in a transaction that only reads, with so many rows and no more. */
import { z } from 'zod'
import { down } from '#main/checks/network/failure.ts'
import { joinHostPort, parseHost } from '#main/checks/network/host.ts'
import { shorten } from '#main/checks/network/text.ts'
import { postgresLogin, postgresSecurity } from '#main/checks/postgres-probe/config.ts'
import { type Rows, talkToPostgres } from '#main/checks/postgres-probe/session.ts'
import { LabelName, MetricName, MetricTypeOption, reservedLabels } from '../json/config.ts'
import { numberIn } from '../json/metrics.ts'
import { type Metric, type Reading, type ServicePorts, ServiceRefusal } from '../kind.ts'
import { begin } from '../postgres/read.ts'
import { statementProblem, withoutEnd } from './statement.ts'

const Column = z.string().min(1).max(63)

const SqlMetric = z.strictObject({
  name: MetricName.default('sql_value').meta({ title: 'Name', description: 'Such as orders_open' }),
  column: Column.default('value').meta({ title: 'Column', description: 'Of the query’s answer, with a number in it' }),
  type: MetricTypeOption.meta({ title: 'Type' }),
  help: z.string().max(500).default('').meta({ title: 'What it says' }),
})

export const SqlConfig = z
  .strictObject({
    ...postgresLogin,
    query: z
      .string()
      .trim()
      .min(1)
      .max(20_000)
      .superRefine((text, context) => {
        const problem = statementProblem(text)
        if (problem !== null) context.addIssue({ code: 'custom', message: problem })
      })
      .meta({
        title: 'Query',
        description: 'One statement that reads; it is run in a read-only transaction',
        multiline: true,
        placeholder: 'SELECT state, count(*) AS value FROM orders GROUP BY state',
      }),
    metrics: z
      .array(SqlMetric)
      .min(1, 'expected at least one metric')
      .max(50)
      .default([{ name: 'sql_value', column: 'value', type: 'gauge', help: '' }])
      .meta({ title: 'Metrics', description: 'Each from a column; a row is a series', essential: true }),
    labels: z.array(LabelName).max(20).default([]).meta({
      title: 'Labels',
      description: 'Columns that tell rows apart; empty: all that are no metric',
      group: 'What is read',
    }),
    mostRows: z.number().int().min(1).max(10_000).default(1000).meta({
      title: 'Most rows',
      description: 'More is a failure',
      group: 'What is read',
    }),
    ...postgresSecurity,
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
type SqlConfig = z.output<typeof SqlConfig>

const longestLabel = 200

export async function readSql(
  config: SqlConfig,
  { clock, timeoutMs }: ServicePorts,
  signal: AbortSignal,
): Promise<Reading> {
  const subject = joinHostPort(config.host, config.port)
  const talked = await talkToPostgres(config, clock, signal, async (session) => {
    await begin(session, timeoutMs)
    // A cursor takes nothing but a query, and hands out no more rows than are asked for.
    await session.ask(`DECLARE belfry NO SCROLL CURSOR FOR ${withoutEnd(config.query)}`)
    return session.ask(`FETCH FORWARD ${config.mostRows + 1} FROM belfry`)
  })
  if ('failure' in talked) throw new ServiceRefusal(talked.failure)
  if (talked.value.rows.length > config.mostRows) {
    const message = `${subject} answered the query with more than ${config.mostRows} rows: add a LIMIT or a GROUP BY, or take more.`
    throw new ServiceRefusal(down('too-many-rows', message))
  }
  return readingOf(talked.value, config, subject)
}

function readingOf({ columns, rows }: Rows, config: SqlConfig, subject: string): Reading {
  const missing = [...config.metrics.map(({ column }) => column), ...config.labels].find(
    (column) => !columns.includes(column),
  )
  if (missing !== undefined) {
    const message = `${subject} answered the query without a column "${missing}"; it has ${columns.join(', ') || 'none'}.`
    throw new ServiceRefusal(down('schema-changed', message))
  }
  const values = new Set(config.metrics.map(({ column }) => column))
  const labels = config.labels.length > 0 ? config.labels : columns.filter((column) => !values.has(column))
  const unfit = labels.find((label) => reservedLabels.includes(label) || !LabelName.safeParse(label).success)
  if (unfit !== undefined) {
    const message = `The column "${unfit}" cannot be a label: name it otherwise (AS), or list the labels.`
    throw new ServiceRefusal(down('schema-changed', message))
  }
  const problems: string[] = []
  const metrics = config.metrics.map(({ name, column, type, help }): Metric => {
    const place = columns.indexOf(column)
    const samples = rows.flatMap((row) => {
      const raw = row[place] ?? null
      // NULL is nothing to tell.
      if (raw === null) return []
      const value = numberIn(raw === 't' ? true : raw === 'f' ? false : raw)
      if (value === null) {
        problems.push(`${name}: expected a number in the column "${column}", came "${shorten(raw, 60)}".`)
        return []
      }
      const own = labels.map((label) => [label, shorten(row[columns.indexOf(label)] ?? '', longestLabel)])
      return [{ labels: Object.fromEntries(own), value }]
    })
    return { name, type, help, unit: '', samples }
  })
  if (rows.length > 0 && problems.length > 0 && metrics.every(({ samples }) => samples.length === 0)) {
    throw new ServiceRefusal(down('not-a-number', problems[0] ?? ''))
  }
  return { metrics, facts: [{ name: 'Rows', value: String(rows.length) }], problems: problems.slice(0, 5) }
}
