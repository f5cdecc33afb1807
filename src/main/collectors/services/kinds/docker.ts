import { DockerConfig, detectDocker, parseEndpoint, readDocker } from '../docker/read.ts'
import { defineServiceKind } from '../kind.ts'

export const docker = defineServiceKind({
  kind: 'docker',
  title: 'Docker',
  description:
    'Reads the containers of an engine through its API: state, health, restarts, processor, memory and network. It only ever asks.',
  config: DockerConfig,
  target: ({ endpoint }) => endpoint,
  host({ endpoint }) {
    const parsed = parseEndpoint(endpoint)
    return parsed !== null && 'host' in parsed ? parsed.host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') : null
  },
  charts: [
    {
      title: 'Processor, in cores',
      unit: 'count',
      lines: [{ metric: 'container_cpu_usage_seconds_total', reduce: 'rate', sumBy: ['name'] }],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      lines: [{ metric: 'container_memory_working_set_bytes', reduce: 'max', sumBy: ['name'] }],
    },
    {
      title: 'Received',
      unit: 'bytesPerSecond',
      lines: [{ metric: 'container_network_receive_bytes_total', reduce: 'rate', sumBy: ['name'] }],
    },
    {
      title: 'Restarts',
      unit: 'count',
      lines: [{ metric: 'container_restarts_total', reduce: 'last', sumBy: ['name'] }],
    },
  ],
  async detect(ports, signal) {
    const version = await detectDocker(ports, signal)
    if (version === null) return null
    return { found: `Docker ${version} at /var/run/docker.sock`, draft: { name: 'Docker', config: {} } }
  },
  run: readDocker,
})
