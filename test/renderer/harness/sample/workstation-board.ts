/** A board over what the sample console has stored: every kind of panel with something in it. */
import type { DashboardInput } from '#shared/domain/dashboard/dashboard.ts'

const target = (expr: string, legend = '', refId = 'A') => ({ refId, expr, legend })
const warning = {
  steps: [
    { value: 0.7, state: 'degraded' as const },
    { value: 0.9, state: 'down' as const },
  ],
}

export const workstationBoard: DashboardInput = {
  version: 1,
  uid: 'workstation',
  title: 'Workstation',
  description: 'The machine that Belfry runs on.',
  tags: ['host'],
  variables: [
    {
      type: 'query',
      name: 'device',
      label: 'Disk',
      query: 'label_values(node_disk_read_bytes_total, device)',
      isMulti: true,
      includesAll: true,
      current: ['$__all'],
    },
    { type: 'interval', name: 'window', label: 'Window', options: ['1m', '5m', '15m'], current: '5m' },
  ],
  annotations: [{ source: 'alerts', name: 'Alerts' }],
  panels: [
    {
      type: 'stat',
      id: 1,
      title: 'Load',
      grid: { x: 0, y: 0, w: 4, h: 5 },
      targets: [target('node_load1')],
      thresholds: {
        base: 'up',
        steps: [
          { value: 4, state: 'degraded' },
          { value: 8, state: 'down' },
        ],
      },
    },
    {
      type: 'stat',
      id: 2,
      title: 'Memory available',
      grid: { x: 4, y: 0, w: 4, h: 5 },
      unit: 'bytes',
      targets: [target('node_memory_MemAvailable_bytes')],
    },
    {
      type: 'gauge',
      id: 3,
      title: 'CPU busy',
      grid: { x: 8, y: 0, w: 4, h: 5 },
      unit: 'ratio',
      max: 1,
      thresholds: warning,
      targets: [
        target(
          '1 - sum(rate(node_cpu_seconds_total{mode="idle"}[$window])) / sum(rate(node_cpu_seconds_total[$window]))',
        ),
      ],
    },
    {
      type: 'bar',
      id: 4,
      title: 'Disk space used',
      grid: { x: 12, y: 0, w: 6, h: 5 },
      unit: 'ratio',
      max: 1,
      thresholds: warning,
      order: 'value',
      targets: [
        {
          ...target('1 - node_filesystem_avail_bytes / node_filesystem_size_bytes', '{{mountpoint}}'),
          mode: 'instant',
        },
      ],
    },
    {
      type: 'text',
      id: 5,
      title: 'Notes',
      grid: { x: 18, y: 0, w: 6, h: 5 },
      markdown:
        '**Who to call:** the [on-call sheet](https://example.com/on-call).\n\n- swap above 50 % is an incident\n- backups run at `03:30`',
    },
    {
      type: 'timeseries',
      id: 6,
      title: 'CPU by mode',
      grid: { x: 0, y: 5, w: 12, h: 9 },
      stacking: 'normal',
      targets: [target('sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[$window]))', '{{mode}}')],
    },
    {
      type: 'timeseries',
      id: 7,
      title: 'Disks',
      grid: { x: 12, y: 5, w: 12, h: 9 },
      unit: 'bytesPerSecond',
      targets: [
        target('rate(node_disk_read_bytes_total{device=~"$device"}[$window])', '{{device}} read'),
        target('rate(node_disk_written_bytes_total{device=~"$device"}[$window])', '{{device}} written', 'B'),
      ],
      overrides: [{ match: { by: 'target', value: 'B' }, set: { isNegated: true } }],
      legend: { mode: 'table', values: ['avg', 'max'] },
    },
    { type: 'row', id: 8, title: 'Services', grid: { x: 0, y: 14, w: 24, h: 1 } },
    {
      type: 'heatmap',
      id: 9,
      title: 'Latency of requests',
      grid: { x: 0, y: 15, w: 12, h: 8 },
      unit: 'seconds',
      targets: [target('sum by (le) (rate(http_request_duration_seconds_bucket[$window]))')],
    },
    {
      type: 'state-timeline',
      id: 10,
      title: 'Probes',
      grid: { x: 12, y: 15, w: 12, h: 8 },
      targets: [target('probe_success', '{{check}}')],
      mappings: [
        { type: 'value', value: 1, text: 'up', state: 'up' },
        { type: 'value', value: 0, text: 'down', state: 'down' },
      ],
    },
    {
      type: 'table',
      id: 11,
      title: 'Network',
      grid: { x: 0, y: 23, w: 8, h: 7 },
      unit: 'bitsPerSecond',
      targets: [
        { ...target('rate(node_network_receive_bytes_total[$window]) * 8'), mode: 'instant' },
        { ...target('rate(node_network_transmit_bytes_total[$window]) * 8', '', 'B'), mode: 'instant' },
      ],
      columns: [
        { name: 'device', title: 'Device' },
        { name: 'Value #A', title: 'In' },
        { name: 'Value #B', title: 'Out' },
      ],
    },
    { type: 'heartbeat', id: 12, title: 'Checks', grid: { x: 8, y: 23, w: 8, h: 7 }, limit: 8 },
    { type: 'alert-list', id: 13, title: 'Firing', grid: { x: 16, y: 23, w: 8, h: 7 } },
  ],
}
