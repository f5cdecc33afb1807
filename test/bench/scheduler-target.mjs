// The server that is checked: in a process of its own, so that its cost is not counted. Tells its port, and on demand
// how many requests it has answered.
import { createServer } from 'node:http'

let answered = 0
const server = createServer((_request, response) => {
  answered++
  response.setHeader('Content-Type', 'text/plain')
  response.end('all is well')
})
server.keepAliveTimeout = 1
server.listen(0, '127.0.0.1', 1024, () => process.send({ port: server.address().port }))
process.on('message', () => process.send({ answered }))
process.on('disconnect', () => process.exit())
