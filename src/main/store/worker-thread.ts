/**
 * Starts a worker thread from the sources or from the bundle, hands it its data, and waits until it says that it is
 * ready or why it cannot be. A worker that ends by itself is a failure that its starter hears of.
 */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type MessagePort, parentPort, Worker } from 'node:worker_threads'
import type { Logger } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import {
  type Channel,
  type ChannelResponse,
  channelLogger,
  connectChannel,
  errorOf,
  failureOf,
  type Methods,
  serveChannel,
} from './worker-channel.ts'

/** Samples are in buffers outside of V8's heap; what is on it lives for one request. A larger one stays resident. */
const maxYoungGenerationSizeMb = 3

export interface RunningWorker<M extends Methods, Started> {
  readonly channel: Channel<M>
  /** What the worker said when it was ready. */
  readonly started: Started
  /** Ends the thread; what is pending is rejected. Ask the worker to close what it owns before. */
  stop(): Promise<void>
}

/** Belfry's own workers, by the names electron.vite.config.ts gives them. */
export type WorkerName = keyof typeof sources

/** Where each stands in the sources, seen from here. */
const sources = {
  'storage-worker': './storage-worker.ts',
  'read-worker': './read-worker.ts',
  'backup-worker': './backup-worker.ts',
  'config-worker': '../config/config-worker.ts',
  'browser-worker': '../checks/browser-probe/browser-worker.ts',
} as const

/**
 * The thread loads its code at once and opens what it owns as soon as `data` is there. Rejects with what the worker
 * threw while starting, or with what became of `data`; then the thread has ended.
 */
export function startWorker<M extends Methods, Started>(
  entry: WorkerName | URL,
  data: unknown,
  options: { logger: Logger; onFailure: (error: Error) => void },
): Promise<RunningWorker<M, Started>> {
  const file = entry instanceof URL ? entry : workerFile(entry)
  const name = entry instanceof URL ? basename(fileURLToPath(entry)) : entry
  const worker = new Worker(file, { name: `belfry-${name}`, resourceLimits: { maxYoungGenerationSizeMb } })
  const logger = options.logger.child({ worker: name })
  let phase: 'starting' | 'running' | 'stopping' = 'starting'

  return new Promise((resolve, reject) => {
    const channel = connectChannel<M>(worker, logger)
    const stop = async () => {
      phase = 'stopping'
      channel.end(new AppError('unavailable', 'Belfry is closing.'))
      await worker.terminate()
    }
    const fail = (error: Error) => {
      if (phase === 'stopping') return
      const wasRunning = phase === 'running'
      phase = 'stopping'
      channel.end(new AppError('unavailable', `Belfry's ${name} has ended unexpectedly. Restart Belfry.`))
      if (wasRunning) options.onFailure(error)
      else reject(error)
    }
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', (code) => fail(new Error(`The ${name} ended by itself with code ${code}.`)))
    worker.on('message', (message: StartMessage | ChannelResponse) => {
      if (message.type === 'started') {
        phase = 'running'
        // What the worker started with is declared beside its methods; the wire erased its type.
        resolve({ channel, started: message.started as Started, stop })
      } else if (message.type === 'notStarted') {
        giveUp(errorOf(message.failure, `start of the ${name}`))
      }
    })
    const giveUp = (error: unknown) => {
      phase = 'stopping'
      worker.terminate().then(() => reject(error), reject)
    }
    Promise.resolve(data).then((arrived) => worker.postMessage(arrived), giveUp)
  })
}

type StartMessage =
  | { readonly type: 'started'; readonly started: unknown }
  | { readonly type: 'notStarted'; readonly failure: ReturnType<typeof failureOf> }

/** The worker's side: `start` opens what the worker owns and returns its methods and what its starter should know. */
export async function runWorker(
  start: (data: unknown, logger: Logger) => Promise<{ methods: Methods; started: unknown }>,
): Promise<void> {
  const port = ownPort()
  try {
    const [data] = await once(port, 'message')
    const { methods, started } = await start(data, channelLogger(port))
    serveChannel(port, methods)
    port.postMessage({ type: 'started', started } satisfies StartMessage)
  } catch (error) {
    port.postMessage({ type: 'notStarted', failure: failureOf(error) } satisfies StartMessage)
  }
}

function ownPort(): MessagePort {
  if (!parentPort) throw new Error('This file is a worker and runs in a thread of its own.')
  return parentPort
}

/** In the bundle beside index.js, which may be one folder up from this code's chunk. */
function workerFile(name: WorkerName): URL {
  const places = [sources[name], `./${name}.js`, `../${name}.js`].map((place) => new URL(place, import.meta.url))
  const found = places.find((place) => existsSync(fileURLToPath(place)))
  if (!found) throw new Error(`Expected the ${name} at one of ${places.map(String).join(', ')}: none is there.`)
  return found
}
