/** Every call of the contract as `POST /api/rpc/<feature.verb>`: the same schema, role and errors as over a socket. */
import { type CallName, contract } from '#shared/contract/index.ts'
import type { Route } from './route.ts'

export function rpcRoutes(): Route[] {
  // Object.keys is typed by its widest case; the contract's keys are its call names.
  return (Object.keys(contract.calls) as CallName[]).map(rpcRoute)
}

function rpcRoute(name: CallName): Route {
  const spec = contract.calls[name]
  return {
    method: 'POST',
    path: `/api/rpc/${name}`,
    access: spec.role,
    summary: spec.summary,
    body: spec.input,
    answer: spec.output,
    handle: async (request) => ({
      // `call` validates the body with the call's own schema.
      body: await request.call(name, request.body as never),
    }),
  }
}
