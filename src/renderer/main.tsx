import './without-eval.ts'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { bridgeTransport } from './client/bridge-transport.ts'
import { connect } from './client/connect.ts'
import type { Transport } from './client/transport.ts'
import { webSocketTransport } from './client/websocket-transport.ts'
import { applyAppearance } from './theme/appearance.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root"')
applyAppearance()
createRoot(root).render(<App client={connect(hostTransport())} />)

function hostTransport(): Transport {
  if (window.belfryBridge) return bridgeTransport(window.belfryBridge)
  const socket = new URL('/ws', location.href)
  socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return webSocketTransport({ url: socket.href, hasSession })
}

async function hasSession(): Promise<boolean> {
  const reply = await fetch('/api/session', { signal: AbortSignal.timeout(5000) })
  if (reply.status !== 200 && reply.status !== 401) throw new Error(`/api/session answered ${reply.status}`)
  return reply.status === 200
}
