/** The command line of the headless console. */
import { parseArgs } from 'node:util'
import { AppError } from '#shared/contract/errors.ts'

export interface HeadlessArguments {
  readonly help: boolean
  readonly host: string
  /** Null: as Settings say. */
  readonly port: number | null
  readonly data: string | undefined
  readonly config: string | undefined
  readonly tlsCertificateFile: string | undefined
  readonly tlsKeyFile: string | undefined
  readonly allowedHosts: readonly string[]
  /** Whether to open the browser where there is a desktop. */
  readonly open: boolean
}

export const usage = `Belfry, served to a browser on this machine.

  --port PORT        listen there (default: from the settings, 4680; 0 takes any free port)
  --host ADDRESS     listen on this address (default 127.0.0.1; any other needs TLS and BELFRY_TOKEN)
  --tls-cert FILE    certificate chain, PEM
  --tls-key FILE     its private key, PEM
  --allow-host NAME  a further name the console may be asked by; may be given several times
  --data DIR         where history is kept (or BELFRY_DATA)
  --config DIR       where belfry.yaml is (or BELFRY_CONFIG)
  --no-open          do not open the browser
  --help             this text

BELFRY_TOKEN: an admin token of at least 32 characters for automation.
`

/** AppError `invalid` names the argument that was not understood. */
export function parseHeadlessArguments(args: readonly string[]): HeadlessArguments {
  const { values } = parsed(args)
  return {
    help: values.help ?? false,
    host: values.host ?? '127.0.0.1',
    port: values.port === undefined ? null : portOf(values.port),
    data: values.data,
    config: values.config,
    tlsCertificateFile: values['tls-cert'],
    tlsKeyFile: values['tls-key'],
    allowedHosts: values['allow-host'] ?? [],
    open: !values['no-open'],
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        // Given by the launcher, which also starts windows; here it changes nothing.
        headless: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        host: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        config: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'allow-host': { type: 'string', multiple: true },
        'no-open': { type: 'boolean' },
      },
    })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new AppError('invalid', `${error.message.split('. ', 1)[0]}. "--help" lists what is understood.`)
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= 0 && port <= 65_535) return port
  throw new AppError('invalid', `--port: expected a number from 0 to 65535; got "${text}".`)
}
