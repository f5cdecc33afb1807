/**
 * Whether Belfry itself is well, for load balancers, supervisors and other monitors. Without a token only states are
 * told; messages, thresholds and figures of the machine need one.
 */
import { z } from 'zod'
import type { ConsoleHealth } from '#shared/contract/console.ts'
import { ComponentStatus } from '#shared/contract/console.ts'
import { SystemHealth, systemHealth } from './health-system.ts'
import { Performance, readPerformance } from './performance.ts'
import type { Route, RouteRequest } from './route.ts'

const States = z.strictObject({
  status: ComponentStatus,
  timestamp: z.iso.datetime(),
  components: z.record(z.string(), z.strictObject({ status: ComponentStatus })),
})

const Detailed = z.strictObject({
  status: ComponentStatus,
  timestamp: z.iso.datetime(),
  components: z.record(
    z.string(),
    z.strictObject({
      status: ComponentStatus,
      response_time_ms: z.number().nullable(),
      message: z.string(),
      threshold: z.string().nullable(),
      hint: z.string().nullable(),
    }),
  ),
  performance: Performance,
})

export function healthRoutes(now: () => number): Route[] {
  return [
    {
      method: 'GET',
      path: '/health/live',
      access: 'public',
      summary: 'Whether the process answers',
      answer: z.strictObject({ status: z.literal('healthy'), timestamp: z.iso.datetime() }),
      handle: async () => ({ body: { status: 'healthy', timestamp: new Date(now()).toISOString() } }),
    },
    {
      method: 'GET',
      path: '/health/ready',
      access: 'public',
      summary: 'Whether the critical components are well; 503 when not',
      answer: States,
      handle: async (request) => {
        const health = await request.call('console.health', {})
        const critical = health.components.filter((component) => component.critical)
        const isReady = critical.every((component) => component.status !== 'unhealthy')
        const status = isReady ? worstOf(critical) : 'unhealthy'
        return { status: isReady ? 200 : 503, body: statesOf({ ...health, status, components: critical }) }
      },
    },
    {
      method: 'GET',
      path: '/health',
      access: 'public',
      summary: 'The worst state of all components; 503 when not healthy',
      answer: States,
      handle: async (request) => {
        const health = await request.call('console.health', {})
        return { status: health.status === 'healthy' ? 200 : 503, body: statesOf(health) }
      },
    },
    {
      method: 'GET',
      path: '/health/detailed',
      access: 'viewer',
      summary: 'All components with messages and hints, and how the machine is doing',
      answer: Detailed,
      handle: async (request) => {
        const health = await request.call('console.health', {})
        return { status: health.status === 'healthy' ? 200 : 503, body: await detailsOf(health, request, now()) }
      },
    },
    {
      method: 'GET',
      path: '/health/system',
      access: 'viewer',
      summary: "The machine, Belfry's own process and what its storage takes",
      answer: SystemHealth,
      handle: async (request) => {
        const body = await systemHealth(request.call, now())
        return { status: body.status === 'healthy' ? 200 : 503, body }
      },
    },
  ]
}

function statesOf(health: ConsoleHealth): z.output<typeof States> {
  return {
    status: health.status,
    timestamp: new Date(health.at).toISOString(),
    components: Object.fromEntries(health.components.map(({ name, status }) => [name, { status }])),
  }
}

async function detailsOf(
  health: ConsoleHealth,
  request: RouteRequest,
  now: number,
): Promise<z.output<typeof Detailed>> {
  const components = health.components.map(({ name, status, responseTimeMs, message, threshold, hint }) => [
    name,
    { status, response_time_ms: responseTimeMs, message, threshold, hint },
  ])
  return {
    status: health.status,
    timestamp: new Date(health.at).toISOString(),
    components: Object.fromEntries(components),
    performance: await readPerformance(request.call, now),
  }
}

function worstOf(components: ConsoleHealth['components']): ConsoleHealth['status'] {
  return components.some((component) => component.status !== 'healthy') ? 'degraded' : 'healthy'
}
