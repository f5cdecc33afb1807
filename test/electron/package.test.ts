/**
 * What an installer would hold: packaged with the project's own settings around a stand-in for Electron's binary (a few
 * bytes that carry its fuses), taken apart again, and run in the simulation of Electron. The binary itself, signing and
 * the installers' formats are not what this shows.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect as expectPage } from '@playwright/test'
import { build, Platform } from 'electron-builder'
import { afterAll, beforeAll, expect, it } from 'vitest'
import config from '../../scripts/package/electron-builder.config.ts'
import { type Simulation, startSimulation } from './simulation/start.ts'

const root = resolve(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'belfry-package-'))
const unpacked = join(directory, 'dist', 'linux-unpacked')
const archive = join(unpacked, 'resources', 'app.asar')
const patiently = 120_000

beforeAll(async () => {
  const electronDist = standInForElectron(join(directory, 'electron'))
  await build({
    targets: Platform.LINUX.createTarget('dir'),
    projectDir: root,
    publish: 'never',
    config: { ...config, electronDist, directories: { ...config.directories, output: join(directory, 'dist') } },
  })
}, patiently)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

it('sets every fuse as the design asks', async () => {
  const fuses = await getCurrentFuseWire(join(unpacked, 'belfry'))
  const isOn = (fuse: FuseV1Options) => fuses[fuse] === FuseState.ENABLE
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    nodeInspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    filePrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    nodeInspect: false,
    filePrivileges: false,
    cookieEncryption: true,
    asarIntegrity: true,
    onlyAsar: true,
  })
})

it('holds the built application, and neither its sources nor its tests', () => {
  const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'))
  expect(files).toEqual(
    expect.arrayContaining([
      '/package.json',
      '/out/main/index.js',
      '/out/main/storage-worker.js',
      '/out/preload/index.cjs',
      '/out/renderer/index.html',
      '/out/renderer/safe.html',
      '/resources/icons/tray-down.png',
      '/resources/rules/belfry.yml',
    ]),
  )
  const unwanted =
    /^\/(src|test|docs|scripts|dist)\/|^\/node_modules\/(react|chart\.js|electron|typescript|vite)\/|\.map$/
  expect(files.filter((file) => unwanted.test(file))).toEqual([])
})

it('runs from what was packed alone', { timeout: patiently }, async () => {
  const application = join(directory, 'application')
  extractAll(archive, application)
  const home = { dataDir: join(directory, 'data'), configDir: join(directory, 'config') }
  const running: Simulation = startSimulation(home, join(application, 'out', 'main', 'index.js'))
  try {
    const page = await running.page()
    await expectPage(page.getByText(/^\d+(\.\d+)? %$/).first()).toBeVisible({ timeout: 15_000 })
    await running.noticed('tray', ({ image }) => image === join(application, 'resources', 'icons', 'tray-up.png'))
  } finally {
    await running.end()
  }
})

/** A folder as Electron's archive for Linux has it; the "binary" holds nothing but the sentinel and nine fuses. */
function standInForElectron(dist: string): string {
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
  const fuseWire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('0'.repeat(9))])
  mkdirSync(join(dist, 'resources'), { recursive: true })
  mkdirSync(join(dist, 'locales'))
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox', 'locales/en-US.pak']) {
    writeFileSync(join(dist, file), 'stand-in')
  }
  writeFileSync(join(dist, 'electron'), fuseWire)
  chmodSync(join(dist, 'electron'), 0o755)
  return dist
}
