/** The colours of the screens (src/renderer/theme/tokens.css), for pages that stand alone. */
import type { PanelState, SeriesColor } from '#shared/domain/dashboard/values.ts'

export interface Theme {
  readonly ground: string
  readonly panel: string
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly grid: string
  readonly series: readonly string[]
  readonly states: Readonly<Record<PanelState, string>>
}

export const themes: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    ground: '#ffffff',
    panel: '#ffffff',
    text: '#16202c',
    muted: '#51606f',
    line: '#d7dde4',
    grid: '#e9edf1',
    series: ['#0072b2', '#b1467f', '#00805f', '#5b57c9', '#3b4653'],
    states: {
      neutral: '#16202c',
      up: '#2a9d7c',
      degraded: '#8f5e00',
      down: '#a61b1b',
      unknown: '#6b7684',
      maintenance: '#2f5bc4',
    },
  },
  dark: {
    ground: '#0e1116',
    panel: '#171c24',
    text: '#e6eaf0',
    muted: '#a3adbb',
    line: '#262e3b',
    grid: '#222a36',
    series: ['#56b4e9', '#cc79a7', '#2fb68f', '#8796ff', '#d3dae4'],
    states: {
      neutral: '#e6eaf0',
      up: '#45c4a0',
      degraded: '#ffd166',
      down: '#f0523d',
      unknown: '#98a2b3',
      maintenance: '#5b8def',
    },
  },
}

export function seriesColor(theme: Theme, index: number): string {
  return theme.series[index % theme.series.length] ?? theme.text
}

export function colorOf(theme: Theme, color: SeriesColor | PanelState): string {
  const series = /^series-(\d)$/.exec(color)?.[1]
  if (series !== undefined) return seriesColor(theme, Number(series) - 1)
  return stateIn(theme, color)
}

function stateIn({ states, text }: Theme, color: string): string {
  return Object.entries(states).find(([state]) => state === color)?.[1] ?? text
}

/** The word beside a colour: a state is never told by colour alone. */
export const stateWords: Readonly<Record<PanelState, string>> = {
  neutral: '',
  up: 'up',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
  maintenance: 'maintenance',
}
