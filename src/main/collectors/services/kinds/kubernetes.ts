import { defineServiceKind } from '../kind.ts'
import { KubernetesConfig } from '../kubernetes/config.ts'

export const kubernetes = defineServiceKind({
  kind: 'kubernetes',
  title: 'Kubernetes pods',
  description:
    'Reads phases, readiness, restarts, requests and limits of pods through the API server that a kubeconfig names. It only ever asks.',
  config: KubernetesConfig,
  target({ context, namespace }) {
    const cluster = context === '' ? 'current context' : context
    return namespace === '' ? cluster : `${cluster}/${namespace}`
  },
  /** The kubeconfig knows; far away, as far as anybody can tell. */
  host: () => '',
  /** It names files of this machine, and a kubeconfig may name programs. */
  role: 'admin',
  charts: [
    {
      title: 'Pods by phase',
      unit: 'count',
      lines: [{ metric: 'kube_pod_status_phase', reduce: 'last', sumBy: ['phase'] }],
    },
    {
      title: 'Restarts',
      unit: 'count',
      lines: [{ metric: 'kube_pod_container_status_restarts_total', reduce: 'last', sumBy: ['namespace'] }],
    },
    {
      title: 'Ready pods',
      unit: 'count',
      lines: [{ metric: 'kube_pod_status_ready', reduce: 'last', sumBy: ['condition'] }],
    },
  ],
  // Most have no cluster: what reads one is loaded when the first is read.
  async run(config, ports, signal) {
    const { readKubernetes } = await import('../kubernetes/read.ts')
    return readKubernetes(config, ports, signal)
  },
})
