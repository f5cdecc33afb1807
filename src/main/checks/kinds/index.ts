/** Every kind of check: a new one is one file and one line here. Pasted text goes to the first that recognises it. */
import type { CheckKind } from '../kind.ts'
import { browser } from './browser.ts'
import { dns } from './dns.ts'
import { heartbeat } from './heartbeat.ts'
import { http } from './http.ts'
import { icmp } from './icmp.ts'
import { journey } from './journey.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { script } from './script.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { websocket } from './websocket.ts'

export const checkKinds: readonly CheckKind[] = [
  icmp,
  http,
  tls,
  tcp,
  heartbeat,
  dns,
  redis,
  journey,
  postgres,
  websocket,
  browser,
  script,
]
