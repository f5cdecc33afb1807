/** Checks over REST. */
import { z } from 'zod'
import { CheckDraft, CheckResult, CheckView } from '#shared/contract/checks.ts'
import { Cursor } from '#shared/contract/common.ts'
import { pageOf, pageQuery } from './paging.ts'
import { overCall, type Route } from './route.ts'

const root = '/api/monitoring/synthetic'

const resultQuery = z.strictObject({
  check: z.string(),
  from: z.string().default('now-24h'),
  to: z.string().default('now'),
  failures_only: z.stringbool().default(false),
  limit: z.coerce.number().default(50),
  cursor: z.string().nullable().default(null),
})

export function checkRoutes(now: () => number): Route[] {
  return [
    overCall(
      {
        method: 'GET',
        path: `${root}/checks`,
        call: 'checks.list',
        query: pageQuery,
        input: () => ({}),
        answer: z.strictObject({ checks: z.array(CheckView), next: Cursor }),
        shape: (checks, { query }) => {
          const page = pageOf(checks, query)
          return { checks: page.items, next: page.next }
        },
      },
      now,
    ),
    overCall(
      {
        method: 'POST',
        path: `${root}/checks`,
        call: 'checks.save',
        summary: 'Create a check',
        body: CheckDraft,
        status: 201,
        input: ({ body }) => ({ id: null, draft: body }),
      },
      now,
    ),
    overCall(
      { method: 'GET', path: `${root}/checks/{id}`, call: 'checks.get', input: ({ params }) => ({ id: params['id'] }) },
      now,
    ),
    overCall(
      {
        method: 'PUT',
        path: `${root}/checks/{id}`,
        call: 'checks.save',
        summary: 'Replace a check',
        body: CheckDraft,
        input: ({ params, body }) => ({ id: params['id'], draft: body }),
      },
      now,
    ),
    overCall(
      {
        method: 'DELETE',
        path: `${root}/checks/{id}`,
        call: 'checks.remove',
        input: ({ params }) => ({ id: params['id'] }),
      },
      now,
    ),
    overCall(
      {
        method: 'POST',
        path: `${root}/checks/{id}/run`,
        call: 'checks.run',
        input: ({ params }) => ({ id: params['id'] }),
      },
      now,
    ),
    overCall(
      {
        method: 'GET',
        path: `${root}/results`,
        call: 'checks.results',
        query: resultQuery,
        input: ({ query }) => ({
          id: query.check,
          range: { from: query.from, to: query.to },
          failuresOnly: query.failures_only,
          limit: query.limit,
          cursor: query.cursor,
        }),
        answer: z.strictObject({ results: z.array(CheckResult), next: Cursor }),
      },
      now,
    ),
  ]
}
