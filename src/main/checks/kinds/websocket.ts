import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'
import { parseServiceUrl } from '../network/service-url.ts'
import { WebSocketConfig } from '../websocket-probe/config.ts'
import { probeWebSocket } from '../websocket-probe/probe.ts'

export const websocket = defineCheckKind({
  kind: 'websocket',
  title: 'WebSocket',
  description: 'Opens a WebSocket, may say something and wait for an answer, and measures a ping through it.',
  config: WebSocketConfig,
  /** Without the query's values, which may be credentials. */
  target({ url: address }) {
    const url = new URL(address)
    return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}${url.search === '' ? '' : '?…'}`
  },
  guess(text) {
    const parts = parseServiceUrl(text, ['ws', 'wss'])
    if (parts === null) return null
    const { user: username, password } = parts
    const url = text.replace(/\/\/[^/?#]*@/, '//')
    return username === '' && password === '' ? { url } : { url, username, password }
  },
  prepare: prepareSecureContexts,
  run: probeWebSocket,
})
