/**
 * The headless host: the whole console, served to a browser. It opens the listener, hands out login links, and lets go
 * of everything in order when it is told to end. It reads no globals, so that a test can run it.
 */
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type ConsoleListener, startConsoleListener } from '../http/console-listener.ts'
import { type IntakeListener, openIntake } from '../http/intake-listener.ts'
import type { HeadlessArguments } from './arguments.ts'

export interface ServeConsoleOptions {
  readonly console: Console
  readonly ports: Ports
  readonly args: HeadlessArguments
  /** BELFRY_TOKEN, checked; null where there is none. */
  readonly adminToken: string | null
  readonly pageDir: string
  readonly version: string
  /** Shows one line to whoever started Belfry. */
  readonly print: (line: string) => void
}

export interface ServedConsole {
  readonly url: string
  /** Says that Belfry watches, with the first one-time link; returns the link. */
  printWelcome(): string
  /** Prints a new one-time link, which ends the one before. */
  printLink(): void
  /** Stops listening, then closes the console. */
  close(): Promise<void>
}

/** Rejects with AppError after closing the console: nothing stays locked when Belfry cannot be reached. */
export async function serveConsole(options: ServeConsoleOptions): Promise<ServedConsole> {
  const { console, args, print } = options
  let listener: ConsoleListener | undefined
  let intake: IntakeListener | null = null
  const printLink = () => print(`A new login link: ${listener?.createLoginLink()} (works once, for 10 minutes)`)
  try {
    listener = await startConsoleListener({
      console,
      ports: options.ports,
      host: args.host,
      port: args.port ?? console.config.current().settings.console.port,
      tls: await readTls(args),
      allowedHosts: args.allowedHosts,
      adminToken: options.adminToken,
      pageDir: options.pageDir,
      version: options.version,
      onSessionMissing: printLink,
    })
    const { ports, adminToken } = options
    intake = await openIntake({ console, ports, adminToken, allowedHosts: args.allowedHosts })
  } catch (error) {
    await listener?.close()
    await console.close()
    throw error
  }
  const opened = listener
  console.announce(opened.url)
  return {
    url: opened.url,
    printWelcome() {
      const link = opened.createLoginLink()
      print(`Belfry is watching. Open ${link} (works once, for 10 minutes; press Enter here for a new link)`)
      return link
    },
    printLink,
    async close() {
      await intake?.close()
      await opened.close()
      await console.close()
    },
  }
}

async function readTls({ tlsCertificateFile, tlsKeyFile }: HeadlessArguments) {
  if (tlsCertificateFile === undefined && tlsKeyFile === undefined) return null
  if (tlsCertificateFile === undefined || tlsKeyFile === undefined) {
    throw new AppError('invalid', '--tls-cert and --tls-key belong together; one of them is missing.')
  }
  const tls = { certificate: await readPem(tlsCertificateFile), key: await readPem(tlsKeyFile) }
  try {
    createSecureContext({ cert: tls.certificate, key: tls.key })
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    const files = `${tlsCertificateFile} and ${tlsKeyFile}`
    throw new AppError('unprocessable', `${files}: expected a PEM certificate and its key; ${reason}`)
  }
  return tls
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new AppError('unprocessable', `${file} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
