// Loaded into the console before its own code: measures how late its main loop runs, and tells on demand.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 1

if (isMainThread && process.channel) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  const beyondMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  process.on('message', (question) => {
    if (question === 'tell') {
      const [p50, p99, p999] = [50, 99, 99.9].map((share) => beyondMs(delays.percentile(share)))
      process.send({ p50, p99, p999, max: beyondMs(delays.max), count: delays.count })
    }
    delays.reset()
  })
  process.channel.unref()
}
