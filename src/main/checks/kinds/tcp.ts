import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'
import { joinHostPort, parseHostPort } from '../network/host.ts'
import { TcpConfig } from '../tcp-probe/config.ts'
import { probeTcp } from '../tcp-probe/probe.ts'

export const tcp = defineCheckKind({
  kind: 'tcp',
  title: 'TCP connect',
  description: 'Opens a connection to a port; may speak TLS, say something and wait for an answer.',
  config: TcpConfig,
  target: ({ host, port }) => joinHostPort(host, port),
  guess: (text) => parseHostPort(text),
  prepare: prepareSecureContexts,
  run: probeTcp,
})
