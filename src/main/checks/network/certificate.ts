/** Certificates as evidence, and what is wrong with one in words. */
import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { Certificate } from '#shared/contract/evidence.ts'
import { down, type Failure } from './failure.ts'

export interface Chain {
  /** The server's own first. */
  readonly certificates: readonly Certificate[]
  /** When the first of them expires, epoch ms. */
  readonly earliestExpiryAt: number
}

/** Taking a certificate apart costs more than the handshake's other half; servers show the same one for months. */
const remembered = new Map<string, Chain>()
const mostRemembered = 500
const longestChain = 10
const mostNames = 100

/** Null when the server showed none. */
export function chainOf(socket: TLSSocket): Chain | null {
  const leaf = socket.getPeerX509Certificate()
  if (leaf === undefined) return null
  const known = remembered.get(leaf.fingerprint256)
  if (known !== undefined) return known
  const certificates: Certificate[] = []
  for (
    let next: X509Certificate | undefined = leaf;
    next && certificates.length < longestChain;
    next = next.issuerCertificate
  ) {
    certificates.push(certificateOf(next))
    if (next.issuerCertificate?.fingerprint256 === next.fingerprint256) break
  }
  const chain = { certificates, earliestExpiryAt: Math.min(...certificates.map((one) => one.validToAt)) }
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? '')
  remembered.set(leaf.fingerprint256, chain)
  return chain
}

function certificateOf(certificate: X509Certificate): Certificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFromAt: certificate.validFromDate.getTime(),
    validToAt: certificate.validToDate.getTime(),
    names: (certificate.subjectAltName ?? '')
      .split(', ')
      .filter((name) => name !== '')
      .slice(0, mostNames)
      .map((name) => name.replace(/^(DNS|IP Address):/, '')),
    serialNumber: certificate.serialNumber,
    fingerprintSha256: certificate.fingerprint256,
  }
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').reverse().join(', ').slice(0, 500)
}

/** `code` is OpenSSL's verification error, such as CERT_HAS_EXPIRED. */
export function certificateFailure(code: string, host: string, chain: Chain | null): Failure {
  const leaf = chain?.certificates[0]
  const day = (at: number | undefined) => (at === undefined ? 'unknown' : isoDay(at))
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return down('tls-expired', `The certificate of ${host} expired on ${day(chain?.earliestExpiryAt)}.`)
    case 'CERT_NOT_YET_VALID':
      return down('tls-not-yet-valid', `The certificate of ${host} is valid only from ${day(leaf?.validFromAt)} on.`)
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return down('tls-self-signed', `The certificate of ${host} is signed by itself, by no authority.`)
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return down(
        'tls-untrusted-authority',
        `The certificate of ${host} comes from an authority this machine does not trust: ${chain?.certificates.at(-1)?.subject}.`,
      )
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return down(
        'tls-incomplete-chain',
        `${host} does not send the certificate of its issuer "${leaf?.issuer}", and this machine does not know it.`,
      )
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return down(
        'tls-wrong-host',
        `The certificate is not for ${host} but for ${leaf?.names.slice(0, 5).join(', ') || leaf?.subject || 'nothing'}.`,
      )
    default:
      return down('tls-untrusted', `The certificate of ${host} cannot be trusted: ${code}.`)
  }
}

/** From the calendar of UTC, without asking for the time. */
function isoDay(at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' }).format(at)
}
