// Loaded into the console before its own code: measures how late its main loop runs, and tells on demand. A loop is late
// because it works or because the machine gives its thread no processor; the thread's processor time tells them apart.
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 1

if (isMainThread && process.channel) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  const works = createHistogram()
  let before = process.threadCpuUsage()
  setInterval(() => {
    const now = process.threadCpuUsage()
    works.record(Math.max(1, now.user + now.system - before.user - before.system))
    before = now
  }, resolutionMs).unref()

  const beyondMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  process.on('message', (question) => {
    if (question === 'tell') {
      const [p50, p99, p999] = [50, 99, 99.9].map((share) => beyondMs(delays.percentile(share)))
      const work = { p999: works.percentile(99.9) / 1000, max: works.max / 1000 }
      process.send({ p50, p99, p999, max: beyondMs(delays.max), count: delays.count, work })
    }
    delays.reset()
    works.reset()
  })
  process.channel.unref()
}
