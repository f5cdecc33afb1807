/**
 * The console as its hosts see it: what `compose` builds and what Electron and the headless server put a face on. A
 * host adds windows, sockets and signals; it knows no service behind these names.
 */
import type { BelfryHandlers } from '#shared/contract/index.ts'
import type { Access } from './access/access.ts'
import type { PingDoor } from './checks/heartbeat/ping-book.ts'
import type { ConfigFile } from './config/config-file.ts'
import type { Events } from './events.ts'
import type { RemoteWrite } from './ingest/remote-write.ts'
import type { Notices } from './notices.ts'
import type { Ports } from './ports.ts'
import type { QueryService } from './query/query-service.ts'
import type { Serve } from './transport/serve.ts'
import type { WallDisplays } from './walls/wall-displays.ts'

export type HostKind = 'electron' | 'headless'

export interface ConsoleOptions {
  /** Where history and state live; locked while the console is open. */
  readonly dataDir: string
  /** Where belfry.yaml and rules/ live. */
  readonly configDir: string
  /** Icons and the shipped rules. */
  readonly resourcesDir: string
  readonly host: HostKind
  readonly version: string
  /** Belfry's own log, for its size and its health. */
  readonly log: OwnLog
  /** Ends this console in order and starts it anew; absent where nobody would start it. */
  readonly restart?: () => void
}

/** What the console needs to know of the log that `ports.logger` writes. */
export interface OwnLog {
  readonly path: string
  /** What the system last said when lines could not be written; null while all is well. */
  trouble(): string | null
}

export interface Console {
  /** Answers every call of the contract; bounded by each call's deadline (see transport/deadlines.ts). */
  readonly serve: Serve
  readonly handlers: BelfryHandlers
  readonly events: Events
  readonly notices: Notices
  readonly access: Access
  /** What listeners hand pings of jobs to. */
  readonly pings: PingDoor
  /** For listeners that answer in Prometheus's words. */
  readonly queries: QueryService
  /** For listeners that take what a Prometheus writes. */
  readonly remoteWrite: RemoteWrite
  readonly config: ConfigFile
  /** A host with a desktop lends its displays here. */
  readonly wallDisplays: WallDisplays
  /** Where this console can be reached, for whoever is refused because it holds the data directory. */
  announce(url: string): void
  /** Stops what runs, writes what is pending and gives the data directory back. A second call waits for the first. */
  close(): Promise<void>
}

/** Rejects with AppError `conflict` when another console holds the data directory. */
export type Compose = (ports: Ports, options: ConsoleOptions) => Promise<Console>
