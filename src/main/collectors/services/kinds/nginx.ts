import { z } from 'zod'
import { Address, Authentication, Headers } from '#main/checks/http-probe/config.ts'
import { authorization } from '#main/checks/http-probe/probe.ts'
import { prepareSecureContexts } from '#main/checks/network/authorities.ts'
import { down } from '#main/checks/network/failure.ts'
import { connectionOptions, tlsOptions } from '#main/checks/network/options.ts'
import { shorten, textSample } from '#main/checks/network/text.ts'
import { getBody } from '../http.ts'
import { defineServiceKind, type Reading, type ServicePorts, ServiceRefusal } from '../kind.ts'
import { gatherMetrics, type MetricAbout } from '../metrics.ts'

const Config = z.strictObject({
  url: Address.meta({
    title: 'URL',
    description: 'Of a location with stub_status',
    placeholder: 'http://127.0.0.1/nginx_status',
  }),
  headers: Headers.meta({ title: 'Headers', group: 'Request' }),
  auth: Authentication.meta({ title: 'Authentication', group: 'Request' }),
  ...tlsOptions,
  ...connectionOptions,
})

/** nginx-prometheus-exporter's names. */
const about: Readonly<Record<string, MetricAbout>> = {
  nginx_connections_active: { type: 'gauge', help: 'Connections open' },
  nginx_connections_accepted: { type: 'counter', help: 'Connections taken' },
  nginx_connections_handled: { type: 'counter', help: 'Connections handled; fewer than taken where a limit was met' },
  nginx_http_requests_total: { type: 'counter', help: 'Requests' },
  nginx_connections_reading: { type: 'gauge', help: 'Connections whose request is read' },
  nginx_connections_writing: { type: 'gauge', help: 'Connections that are answered' },
  nginx_connections_waiting: { type: 'gauge', help: 'Connections that wait for a request' },
}

/** Source: nginx, module ngx_http_stub_status_module. */
const page =
  /^Active connections:\s+(\d+)\s+server accepts handled requests\s+(\d+)\s+(\d+)\s+(\d+)\s+Reading:\s+(\d+)\s+Writing:\s+(\d+)\s+Waiting:\s+(\d+)\s*$/

/** Where it is usually put. */
const usualPaths = ['/nginx_status', '/stub_status', '/basic_status', '/status']
const maxBodyBytes = 65_536

export const nginx = defineServiceKind({
  kind: 'nginx',
  title: 'nginx',
  description: 'Reads connections and requests from a page of stub_status.',
  config: Config,
  target: ({ url }) => instanceOf(url),
  host: ({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, ''),
  upMetric: 'nginx_up',
  charts: [
    {
      title: 'Requests',
      unit: 'perSecond',
      lines: [{ metric: 'nginx_http_requests_total', label: 'requests', reduce: 'rate', sumBy: [] }],
    },
    {
      title: 'Connections',
      unit: 'count',
      lines: [
        { metric: 'nginx_connections_writing', label: 'answered', reduce: 'max', sumBy: [] },
        { metric: 'nginx_connections_reading', label: 'read', reduce: 'max', sumBy: [] },
        { metric: 'nginx_connections_waiting', label: 'waiting', reduce: 'max', sumBy: [] },
      ],
    },
  ],
  async detect(ports, signal) {
    for (const path of usualPaths) {
      const url = `http://127.0.0.1${path}`
      try {
        await read(Config.parse({ url }), ports, signal)
        return { found: `nginx with stub_status at ${path}`, draft: { name: 'nginx', config: { url } } }
      } catch (error) {
        // No such page there, or no server at all: what was looked for is not there.
        if (!(error instanceof ServiceRefusal)) throw error
      }
    }
    return null
  },
  prepare: prepareSecureContexts,
  run: read,
})

async function read(config: z.output<typeof Config>, { clock }: ServicePorts, signal: AbortSignal): Promise<Reading> {
  const url = new URL(config.url)
  const { verifyTls, authorities, ipVersion } = config
  const question = {
    url,
    headers: { ...authorization(config.auth), ...config.headers },
    tls: { verify: verifyTls, authorities },
    ipVersion,
    maxBodyBytes,
  }
  const text = (await getBody(question, url.host, clock, signal)).toString('utf8')
  const found = page.exec(text.trim())
  if (found === null) {
    const began = shorten(textSample(Buffer.from(text)) ?? '', 80)
    const message = `${url.host}${url.pathname} is no page of stub_status: it begins "${began}". See the manual for the location that nginx needs.`
    throw new ServiceRefusal(down('schema-changed', message))
  }
  const metrics = gatherMetrics(about)
  for (const [index, name] of Object.keys(about).entries()) metrics.add(name, Number(found[index + 1]))
  return { metrics: metrics.all(), facts: [], problems: [] }
}

/** Without what may be secret in an address. */
export function instanceOf(address: string): string {
  const url = new URL(address)
  return `${url.host}${url.pathname === '/' ? '' : url.pathname}`
}
