/** Collectors of services: one that is well, one that is not, one that is paused; over state that changes. */
import type {
  CollectorDraft,
  CollectorKindView,
  CollectorStatus,
  MetricFamilyView,
} from '#shared/contract/collectors.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { EventName, HandlersOf, PayloadOf } from '#shared/contract/index.ts'

type Emit = <K extends EventName>(name: K, payload: PayloadOf<K>) => void

export function sampleCollectorHandlers(isNew: boolean, emit: Emit): HandlersOf<'collectors'> {
  const now = Date.now()
  let collectors = isNew ? [] : sampleCollectors(now)
  const removed = new Map<string, CollectorStatus>()
  const statusOf = (id: string) => {
    const found = collectors.find((one) => one.id === id)
    if (found === undefined) throw new AppError('not-found', `There is no collector "${id}".`)
    return found
  }
  const put = (status: CollectorStatus) => {
    const isKnown = collectors.some(({ id }) => id === status.id)
    collectors = isKnown ? collectors.map((one) => (one.id === status.id ? status : one)) : [...collectors, status]
    emit('collectors.changed', status)
    return status
  }
  return {
    'collectors.kinds': () => sampleServiceKinds,
    'collectors.list': () => collectors,
    'collectors.get': ({ id }) => statusOf(id),
    'collectors.latest': ({ id }) =>
      statusOf(id).state === 'up'
        ? { at: statusOf(id).lastAt, metrics: sampleFamilies, samples: 5 }
        : { at: null, metrics: [], samples: 0 },
    'collectors.definition': ({ id }) => draftOf(statusOf(id)),
    'collectors.detect': () =>
      isNew
        ? [
            {
              title: 'Redis',
              found: 'Redis on port 6379',
              draft: {
                name: 'Redis',
                kind: 'redis',
                enabled: true,
                everyMs: 30_000,
                timeoutMs: 10_000,
                labels: {},
                config: { host: '127.0.0.1', port: 6379 },
              },
            },
          ]
        : [],
    'collectors.save': ({ id, draft }) => {
      const finalId = id ?? draft.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
      const before = collectors.find((one) => one.id === finalId) ?? removed.get(finalId)
      return put({ ...(before ?? statusFrom(finalId, draft, Date.now())), name: draft.name, everyMs: draft.everyMs })
    },
    'collectors.remove': ({ id }) => {
      const status = statusOf(id)
      removed.set(id, status)
      collectors = collectors.filter((one) => one.id !== id)
      emit('collectors.removed', { id })
      return { id, draft: draftOf(status) }
    },
    'collectors.setEnabled': ({ ids, enabled }) =>
      ids.map((id) => put({ ...statusOf(id), enabled, state: enabled ? 'unobserved' : 'paused' })),
    'collectors.run': ({ id }) => put({ ...statusOf(id), lastAt: Date.now() }),
    'collectors.try': ({ draft }) =>
      draft.config['password'] === 'wrong'
        ? {
            at: Date.now(),
            durationMs: 12,
            failure: {
              code: 'wrong-password',
              message: '127.0.0.1:5432 does not take this user name and password.',
            },
            problems: [],
            facts: [],
            metrics: [],
            samples: 0,
          }
        : {
            at: Date.now(),
            durationMs: 12.4,
            failure: null,
            problems: [],
            facts: [{ name: 'Version', value: '15.14' }],
            metrics: sampleFamilies,
            samples: 5,
          },
  }
}

function sampleCollectors(now: number): CollectorStatus[] {
  const base = { labels: {}, everyMs: 30_000, enabled: true, problems: [], nextRunAt: now + 20_000 }
  return [
    {
      ...base,
      id: 'shop-database',
      name: 'Shop database',
      kind: 'postgres',
      target: 'db.example.com:5432',
      state: 'up',
      stateSince: now - 7_200_000,
      reason: { code: 'ok', message: 'Everything was read.' },
      lastAt: now - 8000,
      lastDurationMs: 34.2,
      samples: 214,
      facts: [
        { name: 'Version', value: '15.14' },
        { name: 'Role', value: 'primary' },
      ],
    },
    {
      ...base,
      id: 'cache',
      name: 'Cache',
      kind: 'redis',
      target: 'cache.example.com:6379',
      state: 'failing',
      stateSince: now - 180_000,
      reason: {
        code: 'connection-refused',
        message: 'cache.example.com:6379 refused the connection: nothing listens there.',
      },
      lastAt: now - 12_000,
      lastDurationMs: 1.2,
      samples: 0,
      facts: [],
    },
    {
      ...base,
      id: 'old-cache',
      name: 'Old cache',
      kind: 'redis',
      target: 'old-cache.example.com:6379',
      enabled: false,
      state: 'paused',
      stateSince: now - 86_400_000,
      reason: { code: 'paused', message: 'It is paused.' },
      lastAt: null,
      lastDurationMs: null,
      samples: 0,
      facts: [],
      nextRunAt: null,
    },
  ]
}

function statusFrom(id: string, draft: CollectorDraft, now: number): CollectorStatus {
  return {
    id,
    name: draft.name,
    kind: draft.kind,
    target: `${String(draft.config['host'])}:${String(draft.config['port'])}`,
    enabled: true,
    everyMs: draft.everyMs,
    labels: draft.labels,
    state: 'up',
    stateSince: now,
    reason: { code: 'ok', message: 'Everything was read.' },
    lastAt: now,
    lastDurationMs: 5,
    samples: 5,
    problems: [],
    facts: [],
    nextRunAt: now + draft.everyMs,
  }
}

function draftOf({ name, kind, enabled, everyMs, labels, target }: CollectorStatus): CollectorDraft {
  const [host = '', port = ''] = target.split(':')
  return { name, kind, enabled, everyMs, timeoutMs: 10_000, labels, config: { host, port: Number(port) } }
}

const sampleFamilies: MetricFamilyView[] = [
  {
    name: 'redis_memory_used_bytes',
    type: 'gauge',
    help: 'Memory in use',
    unit: 'bytes',
    samples: [{ labels: {}, value: 1_048_576 }],
  },
  {
    name: 'redis_db_keys',
    type: 'gauge',
    help: 'Keys of a database',
    unit: '',
    samples: [
      { labels: { db: 'db0' }, value: 1203 },
      { labels: { db: 'db1' }, value: 7 },
    ],
  },
  {
    name: 'redis_ping_duration_seconds',
    type: 'gauge',
    help: 'Time PING took',
    unit: 'seconds',
    samples: [{ labels: {}, value: 0.000_31 }],
  },
]

function kindOf(kind: string, title: string, port: number): CollectorKindView {
  return {
    kind,
    title,
    description: `Reads ${title}.`,
    schema: {
      type: 'object',
      properties: {
        host: { type: 'string', title: 'Host' },
        port: { type: 'integer', title: 'Port', default: port, essential: true },
        password: { type: 'string', title: 'Password', default: '', secret: true, essential: true },
      },
      required: ['host'],
    },
    defaults: { port, password: '' },
    charts: [
      {
        title: 'Memory',
        unit: 'bytes',
        lines: [{ metric: 'redis_memory_used_bytes', label: 'in use', reduce: 'max', sumBy: [] }],
      },
    ],
  }
}

const sampleServiceKinds: CollectorKindView[] = [kindOf('postgres', 'PostgreSQL', 5432), kindOf('redis', 'Redis', 6379)]
