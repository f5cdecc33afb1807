/** One run against a Kubernetes API server: its pods, page by page. Only GET requests are ever sent. */
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { down } from '#main/checks/network/failure.ts'
import { explainedParse } from '#shared/config/explain.ts'
import { getJson } from '../http.ts'
import { type Reading, type ServicePorts, ServiceRefusal } from '../kind.ts'
import { gatherMetrics } from '../metrics.ts'
import type { KubernetesConfig } from './config.ts'
import { execCredential, forgetCredentials } from './exec-credential.ts'
import { type ClusterAccess, type Credentials, readKubeconfig } from './kubeconfig.ts'
import { type Pod, PodList, podMetrics, takePod } from './pods.ts'

/** Some hundred kilobytes of JSON: what can be taken apart without holding anybody up. */
const podsPerPage = 100
const maxBodyBytes = 16_777_216

export async function readKubernetes(
  config: KubernetesConfig,
  ports: ServicePorts,
  signal: AbortSignal,
): Promise<Reading> {
  const path = config.kubeconfig.replace(/^~(?=\/|$)/, homedir())
  const access = await readKubeconfig(path, config.context)
  const { mayRunPrograms, clock } = ports
  const credentials =
    access.exec === null || access.credentials.token !== null || access.credentials.client !== null
      ? access.credentials
      : await execCredential(access.exec, { now: clock.now(), mayRunPrograms, cwd: dirname(path), signal })
  const pods = await listPods(config, access, credentials, ports, signal)
  const metrics = gatherMetrics(podMetrics)
  for (const pod of pods) takePod(pod, metrics)
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace))
  const facts = [
    { name: 'Server', value: access.server.host },
    { name: 'Context', value: access.context },
    { name: 'Pods', value: String(pods.length) },
    { name: 'Namespaces', value: String(namespaces.size) },
  ]
  return { metrics: metrics.all(), facts, problems: [] }
}

async function listPods(
  config: KubernetesConfig,
  access: ClusterAccess,
  { token, client }: Credentials,
  { clock }: ServicePorts,
  signal: AbortSignal,
): Promise<Pod[]> {
  const pods: Pod[] = []
  const { host } = access.server
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const tls = {
    verify: access.isVerified,
    authorities: access.authorities,
    ...(access.serverName === null ? {} : { serverName: access.serverName }),
    ...(client === null ? {} : { client }),
  }
  let next = ''
  do {
    const url = podsUrl(access.server, config, next)
    const page = await getJson({ url, headers, tls, maxBodyBytes }, host, clock, signal).catch((error: unknown) => {
      if (error instanceof ServiceRefusal && error.failure.reason.code === 'wrong-credentials') forgetCredentials()
      throw error
    })
    const parsed = explainedParse(PodList, page)
    if (!parsed.ok) {
      const [first] = parsed.issues
      const message = `${host} answered otherwise than Kubernetes does: ${first?.path.join('.')}: ${first?.message}`
      throw new ServiceRefusal(down('schema-changed', message))
    }
    pods.push(...parsed.value.items)
    next = parsed.value.metadata.continue ?? ''
    if (pods.length > config.mostPods) {
      const message = `${host} has more than ${config.mostPods} pods here: name a namespace or a selector, or take more.`
      throw new ServiceRefusal(down('too-many-pods', message))
    }
  } while (next !== '')
  return pods
}

function podsUrl(server: URL, { namespace, labelSelector }: KubernetesConfig, next: string): URL {
  const within = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  const url = new URL(server)
  url.pathname = join(url.pathname, `/api/v1${within}/pods`).replaceAll('\\', '/')
  url.searchParams.set('limit', String(podsPerPage))
  if (labelSelector !== '') url.searchParams.set('labelSelector', labelSelector)
  if (next !== '') url.searchParams.set('continue', next)
  return url
}
