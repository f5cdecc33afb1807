/**
 * Form-encoded bodies, for routes whose clients send nothing else: those of Prometheus's API. These routes change
 * nothing, and the guard still refuses pages of other origins and sessions without the console's own header.
 */
import type { FastifyInstance } from 'fastify'
import { fieldsOf } from './request.ts'

/** For one route in a scope of its own. */
export function takeForm(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => {
    done(null, fieldsOf(String(text)))
  })
}
