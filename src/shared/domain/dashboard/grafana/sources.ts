/**
 * Which data source a part of a board means. Belfry has one source of series, itself; so what asked any Prometheus asks
 * Belfry, and what asked something else cannot be taken.
 */
import { field, listIn, textIn } from './fields.ts'

/** Speak PromQL, whatever their name. */
const prometheusTypes = [
  'prometheus',
  'grafana-amazonprometheus-datasource',
  'grafana-azureprometheus-datasource',
  'victoriametrics-metrics-datasource',
  'victoriametrics-datasource',
]

export interface Sources {
  /** Null: it is a Prometheus, or nothing says otherwise; else what it is instead. */
  otherThanPrometheus(...sources: readonly unknown[]): string | null
}

/** `__inputs` of a board that was exported for others, and its variables of kind data source, say what a name stands for. */
export function sourcesOf(board: unknown, inputs: readonly unknown[]): Sources {
  const kinds = new Map<string, string>()
  for (const input of inputs) {
    if (textIn(input, 'type') === 'datasource') kinds.set(textIn(input, 'name'), textIn(input, 'pluginId'))
  }
  for (const variable of listIn(board, 'templating', 'list')) {
    if (textIn(variable, 'type') === 'datasource') kinds.set(textIn(variable, 'name'), textIn(variable, 'query'))
  }

  function kindOf(source: unknown): string | null {
    const named = typeof source === 'string' ? source : textIn(source, 'uid')
    const type = textIn(source, 'type')
    const special = /^-- (\w+) --$/.exec(named)?.[1]
    // "Mixed" says that each query has its own.
    if (special !== undefined) return special === 'Mixed' ? null : special === 'Dashboard' ? 'another panel' : special
    if (type !== '') return type
    const variable = /^\$\{?(\w+)\}?$/.exec(named)?.[1]
    if (variable !== undefined) return kinds.get(variable) ?? null
    // An older board names its source as somebody called it; only well-known names tell what it is.
    const known = /loki|elasticsearch|influx|graphite|cloudwatch|mysql|postgres|tempo|jaeger|testdata/i.exec(named)?.[0]
    return known?.toLowerCase() ?? null
  }

  return {
    otherThanPrometheus(...sources) {
      for (const source of sources) {
        const kind = source === undefined || source === null ? null : kindOf(source)
        if (kind !== null) return prometheusTypes.includes(kind) ? null : kind
      }
      return null
    },
  }
}

/** The number of the panel whose answer a panel shows again; null: none. */
export function repeatedAnswerOf(panel: unknown): number | null {
  const uid = field(panel, 'datasource') === '-- Dashboard --' ? '-- Dashboard --' : textIn(panel, 'datasource', 'uid')
  const id = field(listIn(panel, 'targets')[0], 'panelId')
  return uid === '-- Dashboard --' && typeof id === 'number' ? id : null
}
