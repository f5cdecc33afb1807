/** Certificates for tests, made by openssl in a directory of their own: an authority, an intermediate one, and leaves. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Leaf {
  readonly key: string
  /** The leaf alone. */
  readonly cert: string
}

export interface Certificates {
  /** PEM of the root, to be trusted. */
  readonly root: string
  readonly intermediate: string
  readonly good: Leaf
  readonly expired: Leaf
  readonly notYetValid: Leaf
  readonly wrongHost: Leaf
  readonly selfSigned: Leaf
  /** Signed by the intermediate authority. */
  readonly deep: Leaf
}

export function opensslIsThere(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-certificates-'))
  const file = (name: string) => join(directory, name)
  const read = (name: string) => readFileSync(file(name), 'utf8')
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  const request = (name: string, subject: string) =>
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      file(`${name}.key`),
      '-subj',
      subject,
      '-out',
      file(`${name}.csr`),
    )
  const sign = (name: string, issuer: string | null, days: number, extensions: string) => {
    writeFileSync(file(`${name}.ext`), extensions)
    const by =
      issuer === null
        ? ['-signkey', file(`${name}.key`)]
        : ['-CA', file(`${issuer}.crt`), '-CAkey', file(`${issuer}.key`), '-CAcreateserial']
    openssl(
      'x509',
      '-req',
      '-in',
      file(`${name}.csr`),
      ...by,
      '-days',
      String(days),
      '-extfile',
      file(`${name}.ext`),
      '-out',
      file(`${name}.crt`),
    )
  }
  const authority = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n'
  const leaf = (name: string, issuer: string | null, days: number, names: string): Leaf => {
    request(name, `/CN=${name}.test`)
    sign(name, issuer, days, `subjectAltName=${names}\n`)
    return { key: read(`${name}.key`), cert: read(`${name}.crt`) }
  }
  /** With dates of its own, which only the command for authorities can set. */
  const leafOf2040 = (name: string, names: string): Leaf => {
    request(name, `/CN=${name}.test`)
    writeFileSync(file('index.txt'), '')
    const sections = [
      '[ca]\ndefault_ca=own',
      '[own]\nnew_certs_dir=.\ndatabase=index.txt\ndefault_md=sha256\npolicy=any\nrand_serial=yes\nx509_extensions=names',
      '[any]\ncommonName=supplied',
      `[names]\nsubjectAltName=${names}`,
    ]
    writeFileSync(file('ca.cnf'), sections.join('\n'))
    const dates = ['-startdate', '20400101000000Z', '-enddate', '20410101000000Z']
    const by = ['-config', 'ca.cnf', '-cert', 'root.crt', '-keyfile', 'root.key']
    openssl('ca', '-batch', '-notext', ...by, ...dates, '-in', `${name}.csr`, '-out', `${name}.crt`)
    return { key: read(`${name}.key`), cert: read(`${name}.crt`) }
  }
  try {
    request('root', '/CN=Belfry Test Root')
    sign('root', null, 365, authority)
    request('middle', '/CN=Belfry Test Intermediate')
    sign('middle', 'root', 365, authority)
    const local = 'DNS:localhost,IP:127.0.0.1'
    return {
      root: read('root.crt'),
      intermediate: read('middle.crt'),
      good: leaf('good', 'root', 60, local),
      expired: leaf('expired', 'root', -1, local),
      notYetValid: leafOf2040('early', local),
      wrongHost: leaf('wrong', 'root', 60, 'DNS:elsewhere.test'),
      selfSigned: leaf('alone', null, 60, local),
      deep: leaf('deep', 'middle', 60, local),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
