/** What scraping needs of HTTP; the adapter brings undici. */

export interface TlsMaterial {
  readonly ca: string | null
  readonly cert: string | null
  readonly key: string | null
  readonly serverName: string | null
  readonly insecureSkipVerify: boolean
}

export interface ScrapeAnswer {
  readonly status: number
  readonly statusText: string
  readonly contentType: string
  /** Inflated. Ends with an error when the connection does. */
  readonly body: AsyncIterable<Uint8Array>
}

export interface ScrapeClient {
  /** Follows redirects where it may, without credentials to another host. Rejects with the signal's reason, or the failure. */
  get(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ScrapeAnswer>
  close(): Promise<void>
}

export interface ScrapeHttp {
  /** One for all targets that share TLS material: connections are kept between scrapes. */
  client(tls: TlsMaterial, followRedirects: boolean): ScrapeClient
}
