/** Our own trouble is never the target's: a process without free descriptors, for real. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { answer, rawServer } from './raw-server.ts'

const run = promisify(execFile)

it.skipIf(process.platform === 'win32')(
  'a process without free descriptors finds targets unknown, not down',
  async () => {
    const server = await rawServer((socket) => socket.end(answer('200 OK')))
    try {
      const child = fileURLToPath(new URL('./starved-child.ts', import.meta.url))
      const { stdout } = await run('sh', [
        '-c',
        'ulimit -n 64 && exec "$0" "$@"',
        process.execPath,
        child,
        String(server.port),
      ])
      const told: unknown = JSON.parse(stdout)
      expect(told).toEqual({
        before: ['up', 'ok'],
        http: ['unknown', 'out-of-descriptors'],
        tcp: ['unknown', 'out-of-descriptors'],
        icmp: ['unknown', 'cannot-measure'],
        after: ['up', 'ok'],
      })
    } finally {
      await server.close()
    }
  },
)
