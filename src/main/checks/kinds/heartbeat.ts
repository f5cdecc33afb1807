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
  /** What a job told stays told without a network; that it could not tell is known where pings are read. */
  host: () => null,
  pingId: ({ id }) => id,
  isCertain: true,
  run: probeHeartbeat,
})
