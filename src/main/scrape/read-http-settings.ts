/** How a job's targets are asked: who asks, over which TLS. */
import type { FieldReader, Reading } from './field-reader.ts'
import type { HttpSettings, SecretText, TlsSettings } from './prometheus-config.ts'
import { ofTls } from './unsupported.ts'

const none: SecretText = { text: null, file: null }
const plainTls: TlsSettings = { ca: none, cert: none, key: none, serverName: null, insecureSkipVerify: false }
const isGiven = ({ text, file }: SecretText) => text !== null || file !== null

export function readHttpSettings(job: FieldReader, reading: Reading): HttpSettings {
  const basicAuth = readBasicAuth(job, reading)
  const authorization = readAuthorization(job, reading)
  const bearer = job.secret('bearer_token')
  const ways = [basicAuth !== null, authorization !== null, isGiven(bearer), job.has('oauth2')].filter(Boolean).length
  if (ways > 1) {
    const node = job.node('basic_auth') ?? job.node('authorization') ?? job.node('bearer_token')
    reading.error(node, 'expected one of basic_auth, authorization, oauth2 and bearer_token, got several')
  }
  return {
    basicAuth,
    authorization: isGiven(bearer) ? { type: 'Bearer', credentials: bearer } : authorization,
    tls: readTls(job, reading),
    followRedirects: job.flag('follow_redirects') ?? true,
    compression: job.flag('enable_compression') ?? true,
  }
}

function readBasicAuth(job: FieldReader, reading: Reading): HttpSettings['basicAuth'] {
  const fields = job.fields('basic_auth', 'basic_auth')
  if (!fields) return null
  const username = fields.secret('username')
  const password = fields.secret('password')
  if (username.file !== null)
    reading.error(job.node('basic_auth'), 'expected username, for username_file is not supported')
  fields.finish({})
  return { username: username.text ?? '', password }
}

function readAuthorization(job: FieldReader, reading: Reading): HttpSettings['authorization'] {
  const fields = job.fields('authorization', 'authorization')
  if (!fields) return null
  const type = fields.text('type') ?? 'Bearer'
  const credentials = fields.secret('credentials')
  if (type.toLowerCase() === 'basic') {
    reading.error(fields.node('type'), 'expected another type than Basic: use basic_auth')
  }
  fields.finish({ credentials_ref: 'there is no secret manager' })
  return { type, credentials }
}

function readTls(job: FieldReader, reading: Reading): TlsSettings {
  const fields = job.fields('tls_config', 'tls_config')
  if (!fields) return plainTls
  const tls: TlsSettings = {
    ca: fields.secret('ca'),
    cert: fields.secret('cert'),
    key: fields.secret('key'),
    serverName: fields.text('server_name'),
    insecureSkipVerify: fields.flag('insecure_skip_verify') ?? false,
  }
  if (isGiven(tls.cert) !== isGiven(tls.key)) {
    const [has, lacks] = isGiven(tls.cert) ? ['cert', 'key'] : ['key', 'cert']
    reading.error(job.node('tls_config'), `expected ${lacks} or ${lacks}_file beside ${has}: a client needs both`)
  }
  fields.finish(ofTls)
  return tls
}
