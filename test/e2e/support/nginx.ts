/** A real nginx that serves one page on a port of its own. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#test/support/free-port.ts'
import { type Child, startChild } from './child.ts'

const binary = '/usr/sbin/nginx'

/** The package this machine lacks for nginx; null when it is there. */
export function missingNginx(): string | null {
  return existsSync(binary) ? null : 'nginx-light'
}

export interface Nginx {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  close(): Promise<void>
}

export async function createNginx(): Promise<Nginx> {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-nginx-'))
  const port = await freePort()
  mkdirSync(join(directory, 'www'))
  writeFileSync(join(directory, 'www', 'index.html'), '<!doctype html><title>Shop</title><h1>The shop is open</h1>')
  writeFileSync(
    join(directory, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; pid ${directory}/pid; error_log ${directory}/error.log; events {}
http { access_log off; client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;
fastcgi_temp_path ${directory}/fastcgi; uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
server { listen 127.0.0.1:${port}; root ${directory}/www; location = /nginx_status { stub_status; } } }`,
  )
  let child: Child | null = null
  const nginx: Nginx = {
    url: `http://127.0.0.1:${port}/`,
    async start() {
      child = startChild(binary, [
        '-c',
        join(directory, 'nginx.conf'),
        '-p',
        directory,
        '-e',
        join(directory, 'error.log'),
      ])
      await accepting(port)
    },
    async stop() {
      await child?.end()
      child = null
    },
    async close() {
      await nginx.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return nginx
}

/** Resolves when something accepts connections on the port; gives up after ten seconds. */
function accepting(port: number): Promise<void> {
  const deadline = Date.now() + 10_000
  return new Promise((resolve, reject) => {
    const attempt = () => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', (error) => {
        if (Date.now() > deadline) reject(error)
        else setTimeout(attempt, 50)
      })
    }
    attempt()
  })
}
