import type { TriedTarget } from '#shared/contract/scrape.ts'

/** Ports that exporters have by convention. Source: Prometheus's wiki, "Default port allocations". */
const byPort: Readonly<Record<string, string>> = {
  '9090': 'prometheus',
  '9091': 'pushgateway',
  '9093': 'alertmanager',
  '9100': 'node',
  '9104': 'mysql',
  '9113': 'nginx',
  '9115': 'blackbox',
  '9121': 'redis',
  '9182': 'windows',
  '9187': 'postgres',
  '8080': 'cadvisor',
}

/** By what its metrics are called, else by its port, else by its host. */
export function jobFor(address: string, tried: TriedTarget | null): string {
  const prefixes = ['node', 'windows', 'redis', 'pg', 'mysql', 'nginx', 'pushgateway', 'prometheus', 'blackbox']
  const names = tried?.first.map(({ name }) => name) ?? []
  const known = prefixes.find(
    (prefix) => names.filter((name) => name.startsWith(`${prefix}_`)).length > names.length / 2,
  )
  if (known !== undefined) return known === 'pg' ? 'postgres' : known
  const url = URL.parse(address.includes('://') ? address : `http://${address}`)
  if (url === null) return ''
  const isNumeric = /^[\d.]+$|:/.test(url.hostname)
  return byPort[url.port] ?? (isNumeric ? 'exporter' : (url.hostname.split('.')[0] ?? ''))
}
