import { describe, expect, it } from 'vitest'
import { directoriesOf } from '#main/directories.ts'
import { parseHeadlessArguments } from '#main/headless/arguments.ts'
import { browserCommand } from '#main/headless/open-browser.ts'
import { checkedAdminToken } from '#main/http/authenticator.ts'

describe('the command line', () => {
  it('needs nothing', () => {
    expect(parseHeadlessArguments([])).toMatchObject({ host: '127.0.0.1', port: null, open: true, allowedHosts: [] })
  })

  it('takes what the launcher passes on', () => {
    const args = [
      '--headless',
      '--port',
      '0',
      '--data',
      '/d',
      '--config=/c',
      '--no-open',
      '--allow-host',
      'a',
      '--allow-host',
      'b',
    ]
    expect(parseHeadlessArguments(args)).toMatchObject({
      port: 0,
      data: '/d',
      config: '/c',
      open: false,
      allowedHosts: ['a', 'b'],
    })
  })

  it.each([
    [['--port', 'http'], '--port: expected a number from 0 to 65535; got "http".'],
    [['--port', '65536'], '--port: expected a number from 0 to 65535; got "65536".'],
    [['--port', '-1'], '--port'],
    [['--prot', '80'], "'--prot'"],
    [['start'], "'start'"],
    [['--data'], '--data'],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseHeadlessArguments(args)).toThrow(message)
  })
})

describe('the directories', () => {
  const linux = { platform: 'linux', env: {}, homeDir: '/home/ada' } as const
  it.each([
    ['Linux', linux, '/home/ada/.local/share/belfry', '/home/ada/.config/belfry'],
    [
      'Linux with XDG',
      { ...linux, env: { XDG_DATA_HOME: '/x/d', XDG_CONFIG_HOME: '/x/c' } },
      '/x/d/belfry',
      '/x/c/belfry',
    ],
    [
      'Linux with relative XDG, which does not count',
      { ...linux, env: { XDG_DATA_HOME: 'd' } },
      '/home/ada/.local/share/belfry',
      '/home/ada/.config/belfry',
    ],
    ['Linux with our own variables', { ...linux, env: { BELFRY_DATA: '/b/d', BELFRY_CONFIG: '/b/c' } }, '/b/d', '/b/c'],
    [
      'macOS',
      { platform: 'darwin', env: {}, homeDir: '/Users/ada' },
      '/Users/ada/Library/Application Support/Belfry/data',
      '/Users/ada/Library/Application Support/Belfry',
    ],
    [
      'Windows',
      { platform: 'win32', env: { APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' }, homeDir: 'C:\\Users\\ada' },
      'C:\\L\\Belfry\\data',
      'C:\\R\\Belfry',
    ],
  ] as const)('on %s follow its custom', (_system, surroundings, dataDir, configDir) => {
    expect(directoriesOf(surroundings)).toEqual({ dataDir, configDir })
  })

  it('are what was asked for first of all', () => {
    const surroundings = { ...linux, env: { BELFRY_DATA: '/b/d' } }
    expect(directoriesOf(surroundings, { data: '/asked' }).dataDir).toBe('/asked')
  })
})

describe('BELFRY_TOKEN', () => {
  it('may be absent, and must be long', () => {
    expect(checkedAdminToken(undefined)).toBeNull()
    expect(checkedAdminToken('')).toBeNull()
    expect(checkedAdminToken('x'.repeat(32))).toBe('x'.repeat(32))
    expect(() => checkedAdminToken('x'.repeat(31))).toThrow('at least 32 characters, got 31')
  })
})

it('the browser is opened only where somebody would see it', () => {
  const url = 'http://127.0.0.1:4680/'
  expect(browserCommand({ platform: 'linux', env: {} }, url)).toBeNull()
  expect(browserCommand({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } }, url)).toEqual(['xdg-open', url])
  expect(browserCommand({ platform: 'darwin', env: {} }, url)).toEqual(['open', url])
})
