/** Walls of the sample console: the real feed over sample checks, alerts and series. */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckView } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { EventName, HandlersOf, PayloadOf } from '#shared/contract/index.ts'
import { Wall } from '#shared/contract/walls.ts'
import { createWallService } from '../../../../src/main/walls/wall-service.ts'
import { isNew, type Mode } from './modes.ts'
import { sampleHistory } from './sample-checks.ts'
import { sampleMetric } from './sample-metrics.ts'

interface SampleWalls {
  readonly mode: Mode
  readonly checks: () => readonly CheckView[]
  readonly alerts: () => readonly AlertView[]
  readonly emit: <K extends EventName>(name: K, payload: PayloadOf<K>) => void
}

export function sampleWallHandlers({ mode, checks, alerts, emit }: SampleWalls): HandlersOf<'walls'> {
  let walls = isNew(mode) ? [] : sampleWalls()
  let displays = [
    { id: '1', label: 'Built-in display', widthPx: 2560, heightPx: 1600, isPrimary: true, wall: null },
    { id: '2', label: 'LG 55UR80', widthPx: 3840, heightPx: 2160, isPrimary: false, wall: 'lobby' as string | null },
  ]
  const service = createWallService({
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
      every: () => () => {},
    },
    events: { emit, subscribe: () => () => {} },
    // The service asks for the walls of the configuration and for nothing else in it.
    config: { current: () => ({ walls }) as never, onChange: () => () => {} },
    version: '0.1.0',
    hostname: 'workstation',
    checks,
    histories: async (ids, buckets) =>
      checks()
        .filter(({ id }) => ids.includes(id))
        .map((check) => sampleHistory(check, Date.now(), buckets)),
    alerts: async () => alerts(),
    metrics: async (queries) => queries.map((query) => sampleMetric(query, Date.now())),
  })
  const change = (next: readonly Wall[]) => {
    walls = [...next]
    emit('walls.changed', {})
  }
  return {
    'walls.list': () => walls,
    'walls.save'({ name, wall }) {
      if (name !== wall.name && walls.some((known) => known.name === wall.name)) {
        throw new AppError('conflict', `There is a wall named "${wall.name}" already: choose another name.`)
      }
      const isKnown = walls.some((known) => known.name === name)
      change(isKnown ? walls.map((known) => (known.name === name ? wall : known)) : [...walls, wall])
      return wall
    },
    'walls.remove'({ name }) {
      const gone = service.get(name)
      change(walls.filter((wall) => wall !== gone))
      return gone
    },
    'walls.view': ({ name, page }) => service.view(name, page),
    'walls.preview': ({ wall, page }) => service.preview(wall, page),
    'walls.link': ({ name }) => ({ tokenId: 'token-wall', path: `/wall/${name}/open?key=belfry_sample` }),
    'walls.displays': () => displays,
    'walls.show'({ display, name }) {
      displays = displays.map((one) => (one.id === display ? { ...one, wall: name } : one))
      return displays
    },
  }
}

function sampleWalls(): Wall[] {
  return [
    Wall.parse({
      name: 'lobby',
      title: 'Shop and platform',
      distanceMetres: 5,
      timeZone: 'Europe/Berlin',
      pages: [
        { kind: 'checks', title: 'All services' },
        { kind: 'alerts', title: 'What is wrong now' },
        { kind: 'uptime', title: 'Uptime' },
        { kind: 'host', title: 'This machine' },
        { kind: 'clock' },
      ],
    }),
    Wall.parse({
      name: 'desk',
      title: 'Desk',
      diagonalInches: 27,
      distanceMetres: 1,
      theme: 'light',
      pages: [{ kind: 'host' }, { kind: 'checks' }],
    }),
  ]
}
