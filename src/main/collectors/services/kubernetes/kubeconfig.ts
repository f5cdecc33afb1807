/**
 * A kubeconfig as far as it is needed to ask an API server: where it is, whom to trust, and who asks. Files it names are
 * read, programs it names are told to the caller, who decides whether they may run. Source: Kubernetes, "Organizing
 * Cluster Access Using kubeconfig Files"; API kubeconfig (v1).
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { down } from '#main/checks/network/failure.ts'
import { systemErrorText } from '#main/files/system-error.ts'
import { explainedParse } from '#shared/config/explain.ts'
import { ServiceRefusal } from '../kind.ts'

const Text = z.string().nullish()

const Cluster = z.object({
  server: z.string(),
  'certificate-authority': Text,
  'certificate-authority-data': Text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': Text,
  'proxy-url': Text,
})

const ExecProgram = z.object({
  apiVersion: z.string(),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
})
export type ExecProgram = z.output<typeof ExecProgram>

const User = z.object({
  token: Text,
  tokenFile: Text,
  'client-certificate': Text,
  'client-certificate-data': Text,
  'client-key': Text,
  'client-key-data': Text,
  exec: ExecProgram.nullish(),
  'auth-provider': z.unknown().optional(),
})
type User = z.output<typeof User>

const Kubeconfig = z.object({
  'current-context': Text,
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().default('') }) }),
  ),
  clusters: z.array(z.object({ name: z.string(), cluster: Cluster })),
  users: z.array(z.object({ name: z.string(), user: User.nullish() })).default([]),
})

/** Who asks: whatever of it there is. */
export interface Credentials {
  readonly token: string | null
  readonly client: { readonly certificate: string; readonly key: string } | null
}

export interface ClusterAccess {
  readonly context: string
  readonly server: URL
  /** PEM; empty: those of this machine. */
  readonly authorities: string
  readonly isVerified: boolean
  readonly serverName: string | null
  readonly credentials: Credentials
  /** Gives the credentials, where they are not there. */
  readonly exec: ExecProgram | null
}

/** `context`: empty for the current one. Rejects with ServiceRefusal; nothing that is secret is in its words. */
export async function readKubeconfig(path: string, context: string): Promise<ClusterAccess> {
  const parsed = await parsedFile(path)
  const name = context || parsed['current-context'] || ''
  const names = parsed.contexts.map((one) => one.name)
  const wanted = parsed.contexts.find((one) => one.name === name)?.context
  if (wanted === undefined) {
    const which = name === '' ? 'no current context' : `no context "${name}"`
    throw refusal('context-missing', `${path} has ${which}; it has ${names.join(', ') || 'none'}.`)
  }
  const cluster = parsed.clusters.find((one) => one.name === wanted.cluster)?.cluster
  if (cluster === undefined) {
    throw refusal('context-missing', `${path} has no cluster "${wanted.cluster}", which the context "${name}" names.`)
  }
  const user = parsed.users.find((one) => one.name === wanted.user)?.user ?? null
  return accessOf(path, name, cluster, user)
}

async function accessOf(
  path: string,
  context: string,
  cluster: z.output<typeof Cluster>,
  user: User | null,
): Promise<ClusterAccess> {
  const { server } = cluster
  if (!URL.canParse(server) || !/^https?:/.test(server)) {
    throw refusal(
      'kubeconfig-invalid',
      `${path} names a server that is no https:// address: "${server.slice(0, 100)}".`,
    )
  }
  if (cluster['proxy-url']) {
    throw refusal('proxy-unsupported', `${path} asks for a proxy, which is not used here: name a server without one.`)
  }
  if (user?.['auth-provider'] !== undefined && user['auth-provider'] !== null) {
    const message = `${path} uses an auth-provider, which Kubernetes itself has given up: use exec or a token.`
    throw refusal('auth-provider-unsupported', message)
  }
  const from = dirname(path)
  const authorities = await contentOf(cluster['certificate-authority-data'], cluster['certificate-authority'], from)
  const certificate = await contentOf(user?.['client-certificate-data'], user?.['client-certificate'], from)
  const key = await contentOf(user?.['client-key-data'], user?.['client-key'], from)
  const token = user?.token || (user?.tokenFile ? (await fileText(resolve(from, user.tokenFile))).trim() : '')
  return {
    context,
    server: new URL(server),
    authorities: authorities ?? '',
    isVerified: cluster['insecure-skip-tls-verify'] !== true,
    serverName: cluster['tls-server-name'] || null,
    credentials: { token: token || null, client: certificate && key ? { certificate, key } : null },
    exec: user?.exec ?? null,
  }
}

async function parsedFile(path: string): Promise<z.output<typeof Kubeconfig>> {
  const text = await fileText(path)
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: 100 })
  } catch {
    // The parser's words would show lines of a file that has secrets in it.
    throw refusal('kubeconfig-invalid', `${path} is no YAML that can be read: is it a kubeconfig?`)
  }
  const read = explainedParse(Kubeconfig, value)
  if (read.ok) return read.value
  const at = read.issues[0]?.path.join('.') || 'the whole file'
  throw refusal('kubeconfig-invalid', `${path} is no kubeconfig: look at ${at}.`)
}

async function contentOf(data: string | null | undefined, file: string | null | undefined, from: string) {
  if (data) return Buffer.from(data, 'base64').toString('utf8')
  return file ? fileText(resolve(from, file)) : null
}

const mostBytes = 1_048_576

async function fileText(path: string): Promise<string> {
  try {
    const content = await readFile(path)
    if (content.length <= mostBytes) return content.toString('utf8')
  } catch (error) {
    throw refusal('file-unreadable', `${path} cannot be read: ${systemErrorText(error)}.`)
  }
  throw refusal('file-unreadable', `${path} is larger than ${mostBytes} bytes: is it the right file?`)
}

function refusal(code: string, message: string): ServiceRefusal {
  return new ServiceRefusal(down(code, message))
}
