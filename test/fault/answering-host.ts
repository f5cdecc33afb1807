/** Answers on the ports it is given, on every address there is; closes those that are named on its input. */
import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'

const servers = new Map<string, Server>()
for (const port of process.argv.slice(2)) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end()
  })
  await new Promise<void>((resolve) => server.listen(Number(port), '0.0.0.0', resolve))
  servers.set(port, server)
}
process.stdout.write('listening\n')
createInterface({ input: process.stdin }).on('line', (port) => {
  servers.get(port)?.close()
  process.stdout.write(`closed ${port}\n`)
})
