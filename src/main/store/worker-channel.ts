/**
 * The conversation between the main loop and one worker thread: calls with one answer each, posts with none. Messages
 * are handled in the order they were sent, so a call sees the effects of every post and call before it, as far as
 * these are done by the time their method returns. What a method throws reaches the caller: an AppError as itself,
 * anything else as an Error with the worker's stack as its cause. Knows nothing of what the methods do.
 */
import { inspect } from 'node:util'
import { type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads'
import type { LogFields, Logger, LogLevel } from '#main/ports.ts'
import { AppError, type ErrorCode, type Issue } from '#shared/contract/errors.ts'

/** One thing a worker can do. `signal` aborts when the caller gave up; a synchronous method cannot notice and need not. */
// biome-ignore lint/suspicious/noExplicitAny: parameters are contravariant; each method narrows its own.
type Method = (input: any, signal: AbortSignal) => unknown
export type Methods = Readonly<Record<string, Method>>

type InputOf<M> = M extends (input: infer I, ...rest: never[]) => unknown ? I : never
type AnswerOf<M> = M extends (...rest: never[]) => infer A ? Awaited<A> : never

/** The main loop's end. `M` is the worker's method map, imported as a type. */
export interface Channel<M extends Methods = Methods> {
  /** Rejects with AppError `unavailable` once the worker has ended, and with the signal's reason when that aborts. */
  call<K extends keyof M & string>(
    method: K,
    input: InputOf<M[K]>,
    options?: { signal?: AbortSignal | undefined; transfer?: readonly Transferable[] },
  ): Promise<AnswerOf<M[K]>>
  /**
   * Sends without waiting. A failure is logged on the main side, for nobody else would hear of it. Throws AppError
   * `unavailable` once the worker has ended.
   */
  post<K extends keyof M & string>(method: K, input: InputOf<M[K]>, transfer?: readonly Transferable[]): void
}

type Request =
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'post'; readonly method: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }

/** What a worker's end sends. */
export type ChannelResponse =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly method: string; readonly failure: Failure }
  | { readonly type: 'postFailure'; readonly method: string; readonly failure: Failure }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: LogFields }

type Failure =
  | { readonly kind: 'app'; readonly code: ErrorCode; readonly message: string; readonly issues: readonly Issue[] }
  | { readonly kind: 'bug'; readonly name: string; readonly message: string; readonly stack: string }

/** What both a Worker and a MessagePort offer. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  on(event: 'message', listener: (message: ChannelResponse) => void): unknown
}

const transfers = new WeakMap<object, readonly Transferable[]>()

/** Marks an answer's buffers to be moved to the caller instead of copied. They are empty here afterwards. */
export function moving<T extends object>(answer: T, buffers: readonly Transferable[]): T {
  transfers.set(answer, buffers)
  return answer
}

/** Binds the main loop's end to a worker or port. `end` rejects what is pending and everything asked later. */
export function connectChannel<M extends Methods>(
  port: Port,
  logger: Logger,
): Channel<M> & { end(reason: AppError): void } {
  interface Pending {
    settle(outcome: { value: unknown } | { error: unknown }): void
  }
  const pending = new Map<number, Pending>()
  let nextId = 1
  let ended: AppError | null = null

  port.on('message', (message) => {
    switch (message.type) {
      case 'answer':
        return pending.get(message.id)?.settle({ value: message.value })
      case 'failure':
        return pending.get(message.id)?.settle({ error: errorOf(message.failure, message.method) })
      case 'postFailure':
        return logger.error('a worker failed at what it was posted', {
          method: message.method,
          error: errorOf(message.failure, message.method),
        })
      case 'log':
        return logger[message.level](message.message, message.fields)
    }
  })

  const send = (request: Request, transfer?: readonly Transferable[]) => port.postMessage(request, transfer)

  return {
    call(method, input, options = {}) {
      const { signal, transfer } = options
      return new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        if (signal?.aborted) return reject(signal.reason)
        const id = nextId++
        const cancel = () => {
          send({ type: 'cancel', id })
          pending.get(id)?.settle({ error: signal?.reason })
        }
        pending.set(id, {
          settle(outcome) {
            pending.delete(id)
            signal?.removeEventListener('abort', cancel)
            if ('error' in outcome) reject(outcome.error)
            // The method map is what the worker serves; the wire erased its type.
            else resolve(outcome.value as never)
          },
        })
        signal?.addEventListener('abort', cancel, { once: true })
        try {
          send({ type: 'call', id, method, input }, transfer)
        } catch (error) {
          pending.get(id)?.settle({ error })
        }
      })
    },
    post(method, input, transfer) {
      if (ended) throw ended
      send({ type: 'post', method, input }, transfer)
    },
    end(reason) {
      ended ??= reason
      for (const { settle } of [...pending.values()]) settle({ error: ended })
    },
  }
}

/**
 * Runs a worker's end until the port closes. Before each request all that waits is read, so a cancel overtakes the call
 * it belongs to while that has not begun.
 */
export function serveChannel(port: MessagePort, methods: Methods): void {
  const inbox: Request[] = []
  const running = new Map<number, AbortController>()
  const respond = (response: ChannelResponse, transfer?: readonly Transferable[]) =>
    port.postMessage(response, transfer)

  port.on('message', (request: Request) => {
    take(request)
    drain()
  })

  function drain(): void {
    for (let handled = 0; handled < requestsPerTurn; handled++) {
      for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) take(more.message as Request)
      const request = inbox.shift()
      if (!request) return
      handle(request)
    }
    setImmediate(drain)
  }

  function take(request: Request): void {
    if (request.type !== 'cancel') return void inbox.push(request)
    running.get(request.id)?.abort()
    const waiting = inbox.findIndex((other) => other.type === 'call' && other.id === request.id)
    if (waiting >= 0) inbox.splice(waiting, 1)
  }

  function handle(request: Request): void {
    if (request.type === 'cancel') return
    const { method } = request
    const id = request.type === 'call' ? request.id : null
    const controller = new AbortController()
    const done = (value: unknown) => {
      if (id === null) return
      running.delete(id)
      const moved = typeof value === 'object' && value !== null ? transfers.get(value) : undefined
      respond({ type: 'answer', id, value }, moved)
    }
    const failed = (error: unknown) => {
      const failure = failureOf(error)
      if (id === null) return respond({ type: 'postFailure', method, failure })
      running.delete(id)
      respond({ type: 'failure', id, method, failure })
    }
    try {
      const run = Object.hasOwn(methods, method) ? methods[method] : undefined
      if (!run) throw new Error(`This worker has no method "${method}".`)
      if (id !== null) running.set(id, controller)
      const answer = run(request.input, controller.signal)
      // Answers leave in the order their promises settled, failures among them: closing waits for nothing else.
      if (answer instanceof Promise) answer.then(done, failed).catch(failed)
      else done(answer)
    } catch (error) {
      failed(error)
    }
  }
}

/** Then the worker's loop gets a turn, so that a steady stream cannot hold up its own timers and commits. */
const requestsPerTurn = 1000

/** A logger for a worker: its lines are written by the main side's logger. */
export function channelLogger(port: Pick<MessagePort, 'postMessage'>, base: LogFields = {}): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      const line = (carried: LogFields): ChannelResponse => ({ type: 'log', level, message, fields: carried })
      try {
        port.postMessage(line({ ...base, ...fields }))
      } catch {
        // A field that cannot cross, such as a function, is told as text: logging never fails whoever logs.
        port.postMessage(line({ ...base, fields: inspect(fields) }))
      }
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => channelLogger(port, { ...base, ...fields }),
  }
}

/** An error as plain data, for another thread. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) {
    return { kind: 'app', code: error.code, message: error.message, issues: error.issues }
  }
  if (error instanceof Error) {
    return { kind: 'bug', name: error.name, message: error.message, stack: stackOf(error) }
  }
  return { kind: 'bug', name: 'Error', message: String(error), stack: String(error) }
}

/** The error a failure stands for: AppError, or an Error whose cause carries the worker's stack. */
export function errorOf(failure: Failure, method: string): Error {
  if (failure.kind === 'app') return new AppError(failure.code, failure.message, failure.issues)
  const cause = new Error(failure.message)
  cause.name = failure.name
  cause.stack = failure.stack
  return new Error(`The worker failed unexpectedly at "${method}": ${failure.message}`, { cause })
}

/** The stack with those of its causes, for only text crosses. */
function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own
}
