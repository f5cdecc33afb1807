/** The kinds of panels as people choose them. */
import {
  Activity,
  ChartBar,
  ChartLine,
  ChartNoAxesGantt,
  Gauge,
  Grid3x3,
  Hash,
  type LucideIcon,
  Rows3,
  Siren,
  Table2,
  Text,
} from 'lucide-react'
import type { PanelType } from '#shared/domain/dashboard/panels.ts'

export interface PanelKind {
  readonly type: PanelType
  readonly title: string
  readonly description: string
  readonly icon: LucideIcon
}

export const panelKinds: readonly PanelKind[] = [
  { type: 'timeseries', title: 'Time series', description: 'Lines, bars or areas over time', icon: ChartLine },
  { type: 'stat', title: 'Stat', description: 'One large number with its shape', icon: Hash },
  { type: 'gauge', title: 'Gauge', description: 'A number between two ends', icon: Gauge },
  { type: 'bar', title: 'Bars', description: 'Numbers side by side', icon: ChartBar },
  { type: 'table', title: 'Table', description: 'Labels and numbers, sorted', icon: Table2 },
  { type: 'heatmap', title: 'Heatmap', description: 'How values are spread', icon: Grid3x3 },
  {
    type: 'state-timeline',
    title: 'State timeline',
    description: 'What was when, row by row',
    icon: ChartNoAxesGantt,
  },
  { type: 'heartbeat', title: 'Heartbeats', description: 'Checks with their last stretch', icon: Activity },
  { type: 'alert-list', title: 'Alerts', description: 'What fires, or did', icon: Siren },
  { type: 'text', title: 'Text', description: 'Notes in Markdown', icon: Text },
  { type: 'row', title: 'Row', description: 'Heads panels; can be closed', icon: Rows3 },
]
