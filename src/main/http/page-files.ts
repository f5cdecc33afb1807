/**
 * The built page as a list of files, read once at start. Only what is on the list can be asked for, so no path of a
 * request ever becomes a path on disk.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { systemErrorCode } from '#main/files/system-error.ts'

export interface PageFile {
  /** As in the URL, such as `/assets/index-3f2a.js`; the index is `/`. */
  readonly path: string
  readonly contentType: string
  readonly bytes: Buffer
  /** Strong, quoted. */
  readonly etag: string
  /** Its name changes with its content, so it may be kept for ever. */
  readonly immutable: boolean
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** All files below a directory; empty when there is no such directory. */
export async function readPageFiles(directory: string): Promise<PageFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map((file) => readPageFile(directory, file)))
}

async function readPageFile(directory: string, file: string): Promise<PageFile> {
  const bytes = await readFile(file)
  const path = `/${relative(directory, file).split(sep).join('/')}`
  return {
    path: path === '/index.html' ? '/' : path,
    contentType: contentTypes[extname(file).toLowerCase()] ?? 'application/octet-stream',
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
    immutable: path.startsWith('/assets/'),
  }
}
