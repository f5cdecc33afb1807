import { HeartbeatConfig } from '../heartbeat/config.ts'
import { probeHeartbeat } from '../heartbeat/probe.ts'
import { defineCheckKind } from '../kind.ts'

export const heartbeat = defineCheckKind({
  kind: 'heartbeat',
  title: 'Heartbeat',
  description:
    'Waits for pings of a job, such as a backup, and is down when none comes in time or the job says it failed.',
  config: HeartbeatConfig,
  /** Not the whole id: whoever knows it can ping. */
  target: ({ id }) => `ping ${id.slice(0, 8)}…`,
  pingId: ({ id }) => id,
  isCertain: true,
  run: probeHeartbeat,
})
