/** Alerts and their rules over REST. */
import { z } from 'zod'
import { AlertView, BacktestQuestion, RuleDraft, RuleView } from '#shared/contract/alerts.ts'
import { Cursor } from '#shared/contract/common.ts'
import { AppError } from '#shared/contract/errors.ts'
import { pageOf, pageQuery } from './paging.ts'
import { overCall, type Route } from './route.ts'

const root = '/api/monitoring/alerts'

/** Given once or several times: `?state=firing&state=pending`. */
const several = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value))

const alertQuery = z.strictObject({
  state: several.optional(),
  severity: several.default([]),
  label: several.default([]),
  text: z.string().default(''),
  limit: z.coerce.number().default(200),
  cursor: z.string().nullable().default(null),
})

/** An instant in any form; see instants.ts. */
const When = z.union([z.string(), z.number()]).meta({ description: 'ISO 8601, epoch or now+1h' })
const Acknowledging = z.strictObject({ note: z.string().optional(), until: When.nullable().optional() })
const Snoozing = z.strictObject({ until: When })
const Backtesting = BacktestQuestion.omit({ key: true }).extend({ from: When, to: When })
const Resolving = z.strictObject({ note: z.string().optional() })

export function alertRoutes(now: () => number): Route[] {
  return [...episodeRoutes(now), ...ruleRoutes(now)]
}

function episodeRoutes(now: () => number): Route[] {
  const onOne = (
    verb: string,
    call: 'alerts.acknowledge' | 'alerts.snooze' | 'alerts.resolve',
    summary: string,
    body: z.ZodObject,
  ) =>
    overCall(
      {
        method: 'POST',
        path: `${root}/{id}/${verb}`,
        call,
        summary,
        body,
        input: ({ params, body: sent }) => ({ ...fieldsOf(sent), ids: [params['id']] }),
        answer: AlertView,
        shape: (alerts) => alerts[0] ?? gone(),
      },
      now,
    )
  return [
    overCall(
      {
        method: 'GET',
        path: root,
        call: 'alerts.list',
        query: alertQuery,
        input: ({ query }) => ({
          ...(query.state ? { states: query.state } : {}),
          severities: query.severity,
          labels: query.label,
          text: query.text,
          limit: query.limit,
          cursor: query.cursor,
        }),
      },
      now,
    ),
    overCall(
      { method: 'GET', path: `${root}/{id}`, call: 'alerts.get', input: ({ params }) => ({ id: params['id'] }) },
      now,
    ),
    onOne('ack', 'alerts.acknowledge', 'Take an alert on', Acknowledging),
    onOne('snooze', 'alerts.snooze', 'Say nothing of an alert until then', Snoozing),
    onOne('resolve', 'alerts.resolve', 'Close an alert by hand', Resolving),
  ]
}

function ruleRoutes(now: () => number): Route[] {
  return [
    overCall(
      {
        method: 'GET',
        path: `${root}/rules`,
        call: 'rules.list',
        query: pageQuery,
        input: () => ({}),
        answer: z.strictObject({ rules: z.array(RuleView), next: Cursor }),
        shape: (rules, { query }) => {
          const page = pageOf(rules, query)
          return { rules: page.items, next: page.next }
        },
      },
      now,
    ),
    overCall(
      {
        method: 'POST',
        path: `${root}/rules`,
        call: 'rules.save',
        summary: 'Create a rule of your own',
        body: RuleDraft,
        status: 201,
        input: ({ body }) => ({ id: null, rule: body }),
      },
      now,
    ),
    overCall(
      {
        method: 'POST',
        path: `${root}/rules/backtest`,
        call: 'rules.backtest',
        body: Backtesting,
        input: ({ body }) => body,
      },
      now,
    ),
    overCall(
      {
        method: 'PUT',
        path: `${root}/rules/{id}`,
        call: 'rules.save',
        summary: 'Replace a rule of your own',
        body: RuleDraft,
        input: ({ params, body }) => ({ id: params['id'], rule: body }),
      },
      now,
    ),
    overCall(
      {
        method: 'DELETE',
        path: `${root}/rules/{id}`,
        call: 'rules.remove',
        input: ({ params }) => ({ id: params['id'] }),
      },
      now,
    ),
  ]
}

/** The body's fields, to be joined with the id from the path. AppError `invalid` when it is no object. */
function fieldsOf(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && !('ids' in body)) return body
  throw new AppError(
    'invalid',
    'The body is wrong: expected a JSON object without "ids", for the path names the alert.',
  )
}

function gone(): never {
  throw new AppError('not-found', 'There is no alert with this id.')
}
