/** Where Belfry keeps things: permissions, room, who holds it, and whether what lies there is whole. */
import { constants } from 'node:fs'
import { access, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import { readLockHolder } from '#main/store/data-lock.ts'
import { bad, type Examination, type Found, good, untested, warning } from './examination.ts'

export const permissions: Examination = {
  id: 'permissions',
  title: 'Permissions of the data directory',
  why: 'It holds what Belfry saw, and the key of its secrets: its owner alone should read it.',
  async examine({ dataDir, platform }) {
    try {
      await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return untested('There is no data directory yet: Belfry makes it.')
      return bad(`${dataDir}: ${systemErrorText(error)}.`, 'Give the directory to the user who runs Belfry.')
    }
    if (platform === 'win32') return good("It can be written; its owner is said by the system's own lists.")
    const mode = (await stat(dataDir)).mode & 0o777
    const shown = mode.toString(8).padStart(3, '0')
    if ((mode & 0o077) === 0) return good(`It can be written, by its owner alone (${shown}).`)
    return warning(`Others may look into it (${shown}).`, `chmod 700 "${dataDir}"`)
  },
}

const gibibyte = 2 ** 30

export const diskSpace: Examination = {
  id: 'disk-space',
  title: 'Room on the disk',
  why: 'On a full disk nothing is recorded, though alerts go on.',
  async examine({ dataDir }) {
    const found = await orNull(statfs(dataDir))
    if (found === null || found.bsize === 0) return untested('The file system does not say.')
    const freeBytes = found.bavail * found.bsize
    const text = `${(freeBytes / gibibyte).toFixed(1)} GiB are free.`
    if (freeBytes < gibibyte / 10) return bad(text, 'Make room now, or lower storage.maxBytes.')
    if (freeBytes < gibibyte) return warning(text, 'Make room, shorten the retention, or set storage.maxBytes.')
    return good(text)
  },
}

export const lock: Examination = {
  id: 'lock',
  title: 'Who uses the data directory',
  why: 'One Belfry at a time: a second one is refused.',
  examine({ dataDir, now }) {
    const holder = readLockHolder(dataDir)
    if (!holder) return good('Nobody.')
    const hours = Math.max(0, (now() - holder.since) / 3_600_000).toFixed(1)
    return good(`Process ${holder.pid} (${holder.host}), for ${hours} h.`)
  },
}

export const databases: Examination = {
  id: 'databases',
  title: 'Integrity of the databases',
  why: 'Damage spreads when it is not found; a backup brings back what was.',
  async examine({ dataDir, checkDatabase }) {
    const files = ['belfry.db', 'metrics.db']
    const problems: string[] = []
    let checked = 0
    for (const name of files) {
      if ((await orNull(stat(join(dataDir, name)))) === null) continue
      const problem = await checkDatabase(join(dataDir, name))
      checked++
      if (problem !== null) problems.push(`${name}: ${problem}`)
    }
    if (checked === 0) return untested('There is none yet.')
    if (problems.length === 0) return good(`${checked} of ${files.length} databases read, every page is sound.`)
    return bad(
      problems.join(' '),
      'Restart Belfry: it sets a damaged file aside and restores the newest backup. Then check the disk.',
    )
  },
}

const recentMs = 3 * 86_400_000

export const backups: Examination = {
  id: 'backups',
  title: 'Backups',
  why: 'A disk dies without warning; what was not copied is gone.',
  async examine({ dataDir, now }): Promise<Found> {
    const names = (await orNull(readdir(join(dataDir, 'backups')))) ?? []
    const takenAt = names
      .map((name) => /^belfry-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)-schema-\d+$/.exec(name))
      .map((match) => (match ? Date.parse(`${match[1]}${match[2]}:${match[3]}:${match[4]}`) : Number.NaN))
      .filter((at) => !Number.isNaN(at))
    if (takenAt.length === 0) {
      return warning('There is none in the data directory.', 'npm run backup -- create, or Settings > Backup.')
    }
    const days = (now() - Math.max(...takenAt)) / 86_400_000
    const text = `${takenAt.length}, the newest ${days.toFixed(1)} days old.`
    return days * 86_400_000 > recentMs
      ? warning(text, 'See Settings > Backup for why no newer one was taken.')
      : good(text)
  },
}

async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch {
    // What cannot be asked is not known: permissions have an examination of their own.
    return null
  }
}
