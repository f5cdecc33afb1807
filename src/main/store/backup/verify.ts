/** A look at every byte of a backup: sizes, hashes and what SQLite thinks of each database. Changes nothing in it. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { systemErrorCode } from '#main/files/system-error.ts'
import { damageOf } from '../sqlite-failure.ts'
import { hashFile, type Manifest, type ManifestFile, readManifest } from './manifest.ts'
import type { Work } from './progress.ts'

/** The first thing that is wrong, in words; null when the backup is whole. Throws only what says nothing about the backup. */
export async function findProblem(folder: string, work: Work): Promise<string | null> {
  let manifest: Manifest
  try {
    manifest = readManifest(folder)
  } catch (error) {
    if (error instanceof z.ZodError) return `manifest.json is not one: ${error.issues[0]?.message ?? 'wrong shape'}.`
    if (error instanceof SyntaxError) return 'manifest.json is not JSON.'
    if (systemErrorCode(error) === 'ENOENT') return 'manifest.json is missing.'
    throw error
  }
  work.phase('checking', bytesOf(manifest.files))
  for (const file of manifest.files) {
    const problem = await problemOf(folder, file, work)
    if (problem !== null) return `${file.path}: ${problem}`
  }
  return manifest.files.some(({ path }) => path === 'belfry.db') ? null : 'belfry.db is not in it.'
}

async function problemOf(folder: string, { path, bytes, sha256 }: ManifestFile, work: Work): Promise<string | null> {
  const file = join(folder, path)
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) return 'the file is missing.'
  if (size !== bytes) return `expected ${bytes} bytes, found ${size}.`
  if ((await hashFile(file, (read) => work.did(read))) !== sha256) return 'its content has changed since.'
  return path.endsWith('.db') ? integrityProblem(file) : null
}

/** What SQLite's full check finds in a database file; null when all is well. */
export function integrityProblem(file: string): string | null {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true })
    try {
      const finding = String(database.pragma('integrity_check(1)', { simple: true }))
      return finding === 'ok' ? null : finding.replaceAll('\n', '; ')
    } finally {
      database.close()
    }
  } catch (error) {
    const damage = damageOf(error)
    if (damage === null) throw error
    return damage
  }
}

export const bytesOf = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0)
