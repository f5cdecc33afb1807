/** `host:port` taken apart as Go does it: what it cannot take apart stays whole. Source: go/src/net/ipsock.go */

function splitHostPort(given: string): { host: string; port: string } | null {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(given)
  const bare = /^([^:[\]]*):([^:[\]]*)$/.exec(given)
  const found = bracketed ?? bare
  return found ? { host: found[1] ?? '', port: found[2] ?? '' } : null
}

export const stripPort = (given: string) => splitHostPort(given)?.host ?? given

/** `a.example.com:9100` is `a:9100`; addresses stay as they are. */
export function stripDomain(given: string): string {
  const split = splitHostPort(given)
  const host = split?.host ?? given
  if (isAddress(host)) return given
  const name = host.split('.')[0] ?? ''
  if (split === null || split.port === '') return name
  return name.includes(':') ? `[${name}]:${split.port}` : `${name}:${split.port}`
}

function isAddress(host: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) {
    return host.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part)
  }
  return host.includes(':') && /^[0-9a-fA-F:.]+$/.test(host)
}
