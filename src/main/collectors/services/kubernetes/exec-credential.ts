/**
 * Credentials that a program gives, as kubectl asks for them: by its list of arguments, never a shell, and only where
 * belfry.yaml allows programs. What it gave is kept until it expires. Source: Kubernetes, "client-go credential plugins".
 */
import { z } from 'zod'
import { down } from '#main/checks/network/failure.ts'
import { runScript } from '#main/checks/script-probe/run-script.ts'
import { ServiceRefusal } from '../kind.ts'
import type { Credentials, ExecProgram } from './kubeconfig.ts'

const Answer = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
})

interface Kept {
  readonly credentials: Credentials
  readonly expiresAt: number
}

const kept = new Map<string, Kept>()
const mostKept = 100
/** Renewed so long before it expires. */
const marginMs = 30_000
/** Of those that do not say when they expire. */
const usualMs = 300_000

export interface ExecCredentialOptions {
  readonly now: number
  readonly mayRunPrograms: boolean
  readonly cwd: string
  readonly signal: AbortSignal
}

/** Rejects with ServiceRefusal; what the program said is not told, for it may be a secret. */
export async function execCredential(program: ExecProgram, options: ExecCredentialOptions): Promise<Credentials> {
  const { now, mayRunPrograms, cwd, signal } = options
  const { command } = program
  if (!mayRunPrograms) {
    const message = `The kubeconfig gets its credentials from the program "${command}": expected "scripts: { enabled: true }" in belfry.yaml, for programs are not run until it says so.`
    throw new ServiceRefusal(down('programs-off', message))
  }
  const key = JSON.stringify([program, cwd])
  const known = kept.get(key)
  if (known !== undefined && known.expiresAt - marginMs > now) return known.credentials
  const info = { apiVersion: program.apiVersion, kind: 'ExecCredential', spec: { interactive: false } }
  const variables = Object.fromEntries((program.env ?? []).map(({ name, value }) => [name, value]))
  const run = await runScript(
    {
      command: [command, ...(program.args ?? [])],
      cwd,
      environment: [],
      secret: '',
      variables: { ...variables, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      isOutputOnly: true,
    },
    signal,
  )
  if (run.kind === 'not-started') throw refusal(`"${command}" could not be started (${run.code}).`)
  if (run.kind === 'aborted') throw refusal(`"${command}" did not end in time.`)
  if (run.kind === 'killed') throw refusal(`"${command}" was ended by ${run.signal}.`)
  if (run.code !== 0) throw refusal(`"${command}" ended with ${run.code}; run it by hand to see why.`)
  const { status } = answerOf(run.output, command)
  const { token = null, clientCertificateData: certificate, clientKeyData: clientKey } = status
  const credentials = { token, client: certificate && clientKey ? { certificate, key: clientKey } : null }
  const expiry = Date.parse(status.expirationTimestamp ?? '')
  if (kept.size >= mostKept) kept.clear()
  kept.set(key, { credentials, expiresAt: Number.isNaN(expiry) ? now + usualMs : expiry })
  return credentials
}

/** A server that refused them: the next run asks the program again. */
export function forgetCredentials(): void {
  kept.clear()
}

function answerOf(output: Buffer, command: string): z.output<typeof Answer> {
  try {
    const parsed = Answer.safeParse(JSON.parse(output.toString('utf8')))
    if (parsed.success) return parsed.data
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw refusal(`"${command}" gave no ExecCredential.`)
}

function refusal(said: string): ServiceRefusal {
  return new ServiceRefusal(down('credentials-program', `The program that gives the credentials: ${said}`))
}
