/** The built headless console as a process of its own, on a free port, with directories that outlive it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#test/support/free-port.ts'
import { headlessArguments } from '../../../scripts/console-command.ts'
import { type Child, startChild } from './child.ts'

export interface ConsoleHome {
  readonly dataDir: string
  readonly configDir: string
  remove(): void
}

/** `config`: what stands in belfry.yaml; without it there is no file. */
export function makeHome({ config }: { readonly config?: string } = {}): ConsoleHome {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-e2e-'))
  if (config !== undefined) {
    mkdirSync(join(directory, 'config'))
    writeFileSync(join(directory, 'config', 'belfry.yaml'), config)
  }
  return {
    dataDir: join(directory, 'data'),
    configDir: join(directory, 'config'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

export interface RunningConsole extends Child {
  /** One-time login link. */
  readonly link: string
  /** `http://127.0.0.1:port` */
  readonly origin: string
}

/** `adminToken`: the console takes it as an administrator's Bearer token. */
export const adminToken = 'a-token-for-the-tests-of-this-house-0123456789'

export async function startConsole(
  home: ConsoleHome,
  options: { env?: Readonly<Record<string, string>>; port?: number; args?: readonly string[] } = {},
): Promise<RunningConsole> {
  const child = startChild(
    process.execPath,
    headlessArguments([
      '--no-open',
      '--port',
      String(options.port ?? (await freePort())),
      '--data',
      home.dataDir,
      '--config',
      home.configDir,
      ...(options.args ?? []),
    ]),
    { env: { ...process.env, BELFRY_TOKEN: adminToken, ...options.env } },
  )
  const match = await child.line(/(http:\/\/127\.0\.0\.1:\d+)\/login\S+/)
  return { ...child, link: match[0], origin: String(match[1]) }
}
