/**
 * Runs one child in the foreground and ends with it. Signals are passed on; and because a shell between npm and us may
 * swallow SIGTERM, the child is also ended when our own parent is gone.
 */
import { spawn } from 'node:child_process'

const parentCheckMs = 500
const graceMs = 10_000

/** Resolves to the exit code (128 + n for a signal, as shells have it). */
export function runChild(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const parent = process.ppid
    let killer
    const end = (signal) => {
      child.kill(signal)
      killer ??= setTimeout(() => child.kill('SIGKILL'), graceMs)
    }
    const orphanCheck = setInterval(() => {
      if (process.ppid !== parent) end('SIGTERM')
    }, parentCheckMs)
    const onSignal = (signal) => end(signal)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal)
    child.on('error', (error) => {
      console.error(`Could not start ${command}: ${error.message}`)
      finish(1)
    })
    child.on('exit', (code, signal) => finish(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)))
    function finish(code) {
      clearInterval(orphanCheck)
      clearTimeout(killer)
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, onSignal)
      done(code)
    }
  })
}
