/**
 * What a disk holds after a power cut, made from the record that power-cut-shim.c keeps of a life. The disk is as bad as
 * POSIX lets it be: of what was written to a file and not synced since, each sector may be old or new; of names that
 * were made, moved or removed and whose directory was not synced since, any number of the latest may be lost.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Random } from '#main/ports.ts'

const shimSource = fileURLToPath(new URL('./power-cut-shim.c', import.meta.url))

/** The package that is missing; null where lives can be recorded. */
export function missingForPowerCut(): string | null {
  if (process.platform !== 'linux') return 'Linux'
  const found = (process.env['PATH'] ?? '').split(':').some((directory) => existsSync(join(directory, 'gcc')))
  return found ? null : 'gcc'
}

/** Builds the shim in `directory`; gives its path. */
export function buildShim(directory: string): string {
  const shim = join(directory, 'power-cut-shim.so')
  execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', shim, shimSource, '-ldl', '-lpthread'])
  return shim
}

/** The environment of a life that is to be recorded, until there is a file `end`. */
export function recordingEnv(
  shim: string,
  directory: string,
  { record, end }: { readonly record: string; readonly end: string },
): Readonly<Record<string, string>> {
  // Node writes to files by itself then, where the shim sees it.
  const plainWrites = { UV_USE_IO_URING: '0' }
  const places = { POWER_CUT_DIRECTORY: directory, POWER_CUT_RECORD: record, POWER_CUT_END: end }
  return { ...plainWrites, ...places, LD_PRELOAD: shim }
}

type Kind = 'opened' | 'written' | 'truncated' | 'synced' | 'synced-directory' | NameChange | 'said'
type NameChange = 'renamed' | 'unlinked' | 'made-directory'

interface Deed {
  readonly kind: Kind
  readonly path: string
  /** Where it was renamed to. */
  readonly second: string
  readonly inode: bigint
  /** Of the bytes written; the new size of what was truncated. */
  readonly offset: number
  readonly data: Buffer
}

/** In the order of `enum kind` in the shim. */
const kinds: readonly Kind[] = [
  'opened',
  'written',
  'truncated',
  'synced',
  'synced-directory',
  'renamed',
  'unlinked',
  'made-directory',
  'said',
]
const headBytes = 40

/** One recorded life. A last record that was being written when the process was killed is left out. */
export function readRecord(file: string): Deed[] {
  const bytes = readFileSync(file)
  const deeds: Deed[] = []
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const [pathLength, secondLength] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)]
    const pathAt = at + headBytes
    const secondAt = pathAt + pathLength
    const dataAt = secondAt + secondLength
    const end = dataAt + Number(bytes.readBigUInt64LE(at + 32))
    if (end > bytes.length) break
    const kind = kinds[bytes.readUInt32LE(at) - 1]
    if (!kind) throw new Error(`the record has an unknown kind ${bytes.readUInt32LE(at)} at byte ${at}`)
    deeds.push({
      kind,
      path: bytes.toString('utf8', pathAt, secondAt),
      second: bytes.toString('utf8', secondAt, dataAt),
      inode: bytes.readBigUInt64LE(at + 16),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      data: bytes.subarray(dataAt, end),
    })
    at = end
  }
  return deeds
}

/** Content that grows. */
class Content {
  #bytes = Buffer.alloc(0)
  size = 0

  static of(bytes: Buffer): Content {
    const content = new Content()
    content.write(0, bytes)
    return content
  }

  write(offset: number, data: Buffer): void {
    this.#resize(Math.max(this.size, offset + data.length))
    data.copy(this.#bytes, offset)
  }

  truncate(size: number): void {
    if (size < this.size) this.#bytes.fill(0, size, this.size)
    this.#resize(size)
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.size)
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(size, this.#bytes.length * 2))
      this.#bytes.copy(larger)
      this.#bytes = larger
    }
    this.size = size
  }
}

interface DiskFile {
  readonly durable: Content
  /** Written or truncated since the file was synced last, in that order. */
  pending: Deed[]
}

interface Names {
  readonly files: Map<string, DiskFile>
  readonly directories: Set<string>
}

interface PendingName {
  readonly directory: string
  readonly perform: (names: Names) => void
}

export interface Disk {
  /** Plays on to what was done before deed number `until`. */
  playTo(until: number): void
  /** Writes the disk after a cut at this instant into `target`, an empty directory. */
  cut(target: string, random: Random): void
  /** Writes what the process itself saw at this instant into `target`, an empty directory. */
  seen(target: string): void
}

/** `before`: a copy of `directory` as it was when the life began. */
export function createDisk(directory: string, before: string, deeds: readonly Deed[]): Disk {
  const current: Names = { files: new Map(), directories: new Set([directory]) }
  const byInode = new Map<bigint, DiskFile>()
  for (const name of readdirSync(before, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, name)
    if (statSync(join(before, name)).isDirectory()) current.directories.add(path)
    else current.files.set(path, { durable: Content.of(readFileSync(join(before, name))), pending: [] })
  }
  const durable: Names = { files: new Map(current.files), directories: new Set(current.directories) }
  let pendingNames: PendingName[] = []
  let played = 0

  const change = (directories: readonly string[], perform: PendingName['perform']) => {
    perform(current)
    for (const one of new Set(directories)) pendingNames.push({ directory: one, perform })
  }

  function play(deed: Deed): void {
    const { kind, path, second, inode } = deed
    switch (kind) {
      case 'opened': {
        const known = current.files.get(path)
        if (known) {
          byInode.set(inode, known)
          return
        }
        const file: DiskFile = { durable: new Content(), pending: [] }
        byInode.set(inode, file)
        change([dirname(path)], ({ files }) => files.set(path, file))
        return
      }
      case 'written':
      case 'truncated':
        fileOf(deed).pending.push(deed)
        return
      case 'synced': {
        const file = fileOf(deed)
        for (const one of file.pending) apply(file.durable, one)
        file.pending = []
        return
      }
      case 'synced-directory':
        for (const { perform } of pendingNames.filter((one) => one.directory === path)) perform(durable)
        pendingNames = pendingNames.filter((one) => one.directory !== path)
        return
      case 'renamed':
        change([dirname(second)], (names) => rename(names, path, second))
        return
      case 'unlinked':
        change([dirname(path)], (names) => void (names.files.delete(path) || names.directories.delete(path)))
        return
      case 'made-directory':
        change([dirname(path)], ({ directories }) => void directories.add(path))
        return
      case 'said':
        return
    }
  }

  /** Files that were there before are opened without being made, so their inode is learned when they are written. */
  function fileOf({ inode, path }: Deed): DiskFile {
    const file = byInode.get(inode) ?? current.files.get(path)
    if (!file) throw new Error(`${path} was written without having been opened`)
    byInode.set(inode, file)
    return file
  }

  return {
    playTo(until) {
      for (; played < until; played++) {
        const deed = deeds[played]
        if (deed) play(deed)
      }
    },
    cut(target, random) {
      const names: Names = { files: new Map(durable.files), directories: new Set(durable.directories) }
      const kept = Math.floor(random.next() * (pendingNames.length + 1))
      for (const { perform } of pendingNames.slice(0, kept)) perform(names)
      const fate = fates[Math.floor(random.next() * fates.length)] ?? dropped
      write(target, directory, names, ({ durable: whole, pending }) => {
        const content = Content.of(whole.bytes())
        for (const deed of pending) fate(content, deed, random)
        return content
      })
    },
    seen(target) {
      write(target, directory, current, ({ durable: whole, pending }) => {
        const content = Content.of(whole.bytes())
        for (const deed of pending) apply(content, deed)
        return content
      })
    },
  }
}

function rename({ files, directories }: Names, from: string, to: string): void {
  const file = files.get(from)
  if (file) {
    files.delete(from)
    files.set(to, file)
  } else if (directories.delete(from)) {
    throw new Error(`the record renames the directory ${from}, which this disk cannot`)
  }
}

/** A file whose directory was lost is lost with it. */
function write(target: string, directory: string, names: Names, contentOf: (file: DiskFile) => Content): void {
  const isThere = (path: string): boolean =>
    path === directory || (names.directories.has(path) && isThere(dirname(path)))
  const within = (path: string) => join(target, path.slice(directory.length))
  for (const path of [...names.directories].sort()) if (isThere(path)) mkdirSync(within(path), { recursive: true })
  for (const [path, file] of names.files) {
    if (isThere(dirname(path))) writeFileSync(within(path), contentOf(file).bytes())
  }
}

function apply(content: Content, { kind, offset, data }: Deed): void {
  if (kind === 'truncated') content.truncate(offset)
  else content.write(offset, data)
}

/** What becomes of something that was done to a file and not synced. */
type Fate = (content: Content, deed: Deed, random: Random) => void

const dropped: Fate = () => undefined

const keptOrNot: Fate = (content, deed, random) => {
  if (random.next() < 0.5) apply(content, deed)
}

const torn =
  (sectorBytes: number): Fate =>
  (content, deed, random) => {
    if (deed.kind === 'truncated') return keptOrNot(content, deed, random)
    const { offset, data } = deed
    const end = offset + data.length
    for (let at = offset; at < end; ) {
      const next = Math.min(end, (Math.floor(at / sectorBytes) + 1) * sectorBytes)
      if (random.next() < 0.5) content.write(at, data.subarray(at - offset, next - offset))
      at = next
    }
  }

/** Sectors of old disks and of new ones. */
const fates: readonly Fate[] = [dropped, keptOrNot, torn(512), torn(4096)]

/** What the process said before deed number `until`, in whole lines. */
export function saidBefore(deeds: readonly Deed[], until: number): string[] {
  const said = deeds.slice(0, until).flatMap(({ kind, data }) => (kind === 'said' ? [data] : []))
  return Buffer.concat(said).toString().split('\n').slice(0, -1)
}
