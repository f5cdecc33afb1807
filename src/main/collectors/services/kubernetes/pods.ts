/** From pods as the API server tells them to metrics under the names of kube-state-metrics. Pure. */
import { z } from 'zod'
import type { MetricAbout, Metrics } from '../metrics.ts'

const Quantities = z.record(z.string(), z.union([z.string(), z.number()])).nullish()
const StateName = z.object({ reason: z.string().nullish() }).nullish()

const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: z.object({ waiting: StateName, running: z.unknown(), terminated: StateName }).partial().nullish(),
  lastState: z.object({ terminated: StateName }).partial().nullish(),
})

export const PodList = z.object({
  metadata: z.object({ continue: z.string().nullish() }).partial().default({}),
  items: z
    .array(
      z.object({
        metadata: z.object({
          name: z.string(),
          namespace: z.string().default(''),
          creationTimestamp: z.string().nullish(),
          ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
        }),
        spec: z.object({
          nodeName: z.string().nullish(),
          containers: z
            .array(
              z.object({
                name: z.string(),
                image: z.string().nullish(),
                resources: z.object({ requests: Quantities, limits: Quantities }).partial().nullish(),
              }),
            )
            .default([]),
        }),
        status: z.object({
          phase: z.string().default('Unknown'),
          reason: z.string().nullish(),
          startTime: z.string().nullish(),
          conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish(),
          containerStatuses: z.array(ContainerStatus).nullish(),
        }),
      }),
    )
    .nullable()
    .transform((items) => items ?? []),
})
export type Pod = z.output<typeof PodList>['items'][number]

export const podMetrics: Readonly<Record<string, MetricAbout>> = {
  kube_pod_info: { type: 'gauge', help: 'Where a pod runs and what made it, as labels' },
  kube_pod_created: { type: 'gauge', help: 'When it was made', unit: 'seconds' },
  kube_pod_start_time: { type: 'gauge', help: 'When it was started', unit: 'seconds' },
  kube_pod_status_phase: { type: 'gauge', help: '1 for the phase a pod is in, 0 for the others' },
  kube_pod_status_ready: { type: 'gauge', help: '1 for whether it takes requests: true, false or unknown' },
  kube_pod_status_reason: { type: 'gauge', help: 'Why a pod is not well, such as Evicted' },
  kube_pod_container_status_ready: { type: 'gauge', help: '1 where a container is ready' },
  kube_pod_container_status_running: { type: 'gauge', help: '1 where a container runs' },
  kube_pod_container_status_restarts_total: { type: 'counter', help: 'Times a container was started again' },
  kube_pod_container_status_waiting_reason: { type: 'gauge', help: 'Why a container waits, such as CrashLoopBackOff' },
  kube_pod_container_status_terminated_reason: { type: 'gauge', help: 'Why a container has ended' },
  kube_pod_container_status_last_terminated_reason: { type: 'gauge', help: 'Why it ended the time before' },
  kube_pod_container_resource_requests: { type: 'gauge', help: 'What a container is promised' },
  kube_pod_container_resource_limits: { type: 'gauge', help: 'What a container may use' },
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']

export function takePod({ metadata, spec, status }: Pod, metrics: Metrics): void {
  const labels = { namespace: metadata.namespace, pod: metadata.name }
  const owner = metadata.ownerReferences?.[0]
  metrics.add('kube_pod_info', 1, {
    ...labels,
    node: spec.nodeName ?? '',
    created_by_kind: owner?.kind ?? '',
    created_by_name: owner?.name ?? '',
  })
  metrics.add('kube_pod_created', secondsOf(metadata.creationTimestamp), labels)
  metrics.add('kube_pod_start_time', secondsOf(status.startTime), labels)
  for (const phase of phases) {
    metrics.add('kube_pod_status_phase', phase === status.phase ? 1 : 0, { ...labels, phase })
  }
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status.toLowerCase() ?? 'unknown'
  for (const condition of ['true', 'false', 'unknown']) {
    metrics.add('kube_pod_status_ready', condition === ready ? 1 : 0, { ...labels, condition })
  }
  if (status.reason) metrics.add('kube_pod_status_reason', 1, { ...labels, reason: status.reason })
  for (const container of status.containerStatuses ?? []) takeContainer(container, labels, metrics)
  for (const { name, resources } of spec.containers) {
    const own = { ...labels, container: name }
    takeQuantities('kube_pod_container_resource_requests', resources?.requests, own, metrics)
    takeQuantities('kube_pod_container_resource_limits', resources?.limits, own, metrics)
  }
}

function takeContainer(
  { name, ready, restartCount, state, lastState }: z.output<typeof ContainerStatus>,
  pod: { namespace: string; pod: string },
  metrics: Metrics,
): void {
  const labels = { ...pod, container: name }
  metrics.add('kube_pod_container_status_ready', ready ? 1 : 0, labels)
  metrics.add('kube_pod_container_status_running', state?.running ? 1 : 0, labels)
  metrics.add('kube_pod_container_status_restarts_total', restartCount, labels)
  const reasons = [
    ['kube_pod_container_status_waiting_reason', state?.waiting?.reason],
    ['kube_pod_container_status_terminated_reason', state?.terminated?.reason],
    ['kube_pod_container_status_last_terminated_reason', lastState?.terminated?.reason],
  ] as const
  for (const [metric, reason] of reasons) if (reason) metrics.add(metric, 1, { ...labels, reason })
}

const units: Readonly<Record<string, string>> = {
  cpu: 'core',
  memory: 'byte',
  'ephemeral-storage': 'byte',
  storage: 'byte',
}

function takeQuantities(
  metric: string,
  quantities: z.output<typeof Quantities>,
  labels: { namespace: string; pod: string; container: string },
  metrics: Metrics,
): void {
  for (const [resource, text] of Object.entries(quantities ?? {})) {
    const named = { ...labels, resource: resource.replace(/[^a-zA-Z0-9_]/g, '_'), unit: units[resource] ?? 'integer' }
    metrics.add(metric, quantityOf(text), named)
  }
}

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** Such as 250m, 1.5Gi or 1e3; null for what is none. Source: Kubernetes, "Quantity". */
export function quantityOf(text: string | number): number | null {
  if (typeof text === 'number') return text
  const [, digits, suffix = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(text.trim()) ?? []
  const factor = Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined
  return digits === undefined || factor === undefined ? null : Number(digits) * factor
}

function secondsOf(text: string | null | undefined): number | null {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? null : ms / 1000
}
