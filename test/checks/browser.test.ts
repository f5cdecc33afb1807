/** Browser journeys in the Chromium of this machine, against pages that want a login and pages that want no good. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrowserConfig } from '#main/checks/browser-probe/config.ts'
import { findBrowser } from '#main/checks/browser-probe/find-browser.ts'
import { readRecording } from '#main/checks/browser-probe/recording.ts'
import { browser } from '#main/checks/kinds/browser.ts'
import { probe } from './probe.ts'

const installed = findBrowser({ platform: process.platform, env: process.env })
const skipped = installed === null ? ' (skipped: install the package chromium)' : ''

const pages: Readonly<Record<string, string>> = {
  '/': `<title>Shop</title><h1>Welcome</h1><form action="/account"><label>Password <input id="pw" type="text"></label>
    <button>Log in</button></form><script>console.error('the page is unhappy')</script><img src="/missing.png">`,
  '/account': '<h1>Your orders</h1><p>Nothing yet</p>',
  '/popups': '<h1>Hello</h1><script>for (let i = 0; i < 100; i++) open("/account")</script>',
  '/alerts': '<h1>Hello</h1><script>alert(1);confirm(2);prompt(3)</script><p>After all</p>',
  '/trap':
    '<button>Stay</button><script>addEventListener("beforeunload", e => { e.preventDefault(); e.returnValue = "x" })</script>',
  '/busy': '<h1>Busy</h1><script>setTimeout(() => { for (;;); }, 50)</script>',
  '/away': '<a href="/secret.zip" download>Get it</a><script>location = "file:///etc/passwd"</script>',
}

/** Profiles are made here, so that what another run left behind is not taken for this one's. */
const ownDirectory = mkdtempSync(join(tmpdir(), 'belfry-journeys-'))
process.env['TMPDIR'] = ownDirectory

let server: Server
let origin: string

function answer(request: IncomingMessage, response: ServerResponse): unknown {
  const path = new URL(request.url ?? '/', 'http://x').pathname
  if (path === '/circle') return response.writeHead(302, { location: '/circle' }).end()
  if (path === '/to-file') return response.writeHead(302, { location: 'file:///etc/passwd' }).end()
  if (path === '/silent') return null
  if (path === '/frozen') return freezeBrowsers()
  if (path === '/broken') return response.writeHead(503).end('out of order')
  const page = pages[path]
  if (page === undefined) return response.writeHead(404).end()
  return response.writeHead(200, { 'content-type': 'text/html' }).end(page)
}

beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(ownDirectory, { recursive: true, force: true })
})

const isOwn = (line: string) => line.includes(join(ownDirectory, 'belfry-browser-'))

/** Every process of a browser that a check started stands still, as under a debugger or without memory. */
function freezeBrowsers(): void {
  for (const line of execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n')) {
    // The crash reporter is a process apart, which ends with its browser unless it is stopped itself.
    if (isOwn(line) && !line.includes('crashpad')) process.kill(Number.parseInt(line, 10), 'SIGSTOP')
  }
}

/** Profiles and processes of browsers that checks started. */
function leftovers(): string[] {
  const profiles = readdirSync(ownDirectory).filter((name) => name.startsWith('belfry-browser-'))
  return [...profiles, ...execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter(isOwn)]
}

describe.skipIf(installed === null)(`a browser journey${skipped}`, () => {
  it('logs in as a visitor does, measures the page, and leaves nothing behind', async () => {
    const { result, evidence, sample, bugs } = await probe(
      browser,
      {
        url: `${origin}/`,
        steps: [
          { action: 'expectText', text: 'Welcome' },
          { action: 'fill', target: 'css=#pw', text: '{{password}}' },
          { action: 'click', name: 'Log in', target: 'role=button[name="Log in"]' },
          { action: 'expectUrl', text: '/account' },
          { action: 'waitFor', target: 'text=Nothing yet' },
          { action: 'press', key: 'Escape' },
          { action: 'screenshot', name: 'Orders' },
        ],
        secrets: [{ name: 'password', secret: 'open sesame' }],
      },
      20_000,
    )
    expect([result.outcome, result.reason.message]).toEqual(['up', 'All 8 steps were taken.'])
    expect(evidence.steps?.map(({ name }) => name)).toEqual(['Open', '1', '2', 'Log in', '4', '5', '6', 'Orders'])
    expect(evidence.picture?.caption).toBe(`Step "Orders", at ${origin}/account`)
    expect(evidence.page?.consoleErrors).toContain('the page is unhappy')
    expect(evidence.page?.failedRequests).toContain(`GET ${origin}/missing.png: 404`)
    expect(sample('probe_browser_load_duration_seconds')).toBeGreaterThan(0)
    expect(sample('probe_journey_steps')).toBe(8)
    expect(JSON.stringify(result)).not.toContain('sesame')
    expect(bugs).toEqual([])
    expect(leftovers()).toEqual([])
  }, 30_000)

  it.each([
    ['a text that does not come', '/', [{ action: 'expectText', text: 'Farewell' }], 'timeout', 'The text "Farewell"'],
    ['a page that never loads', '/silent', [], 'timeout', 'The whole page did not come in time'],
    ['a page that answers with 503', '/broken', [], 'status', 'status 503'],
    ['an endless circle', '/circle', [], 'navigation-failed', 'ERR_TOO_MANY_REDIRECTS'],
    ['a redirect to a file', '/to-file', [], 'navigation-failed', 'ERR_'],
    ['a page that hangs', '/busy', [{ action: 'expectText', text: 'never' }], 'timeout', ''],
  ])(
    'is down at %s',
    async (_, path, steps, code, words) => {
      const startedMs = performance.now()
      const { result, evidence, bugs } = await probe(
        browser,
        { url: `${origin}${path}`, steps },
        code === 'timeout' ? 12_000 : 20_000,
      )
      expect([result.outcome, result.reason.code]).toEqual(['down', code])
      expect(result.reason.message).toContain(words)
      expect(evidence.steps?.at(-1)?.outcome).toBe('down')
      expect(performance.now() - startedMs).toBeLessThan(21_000)
      expect(bugs).toEqual([])
      expect(leftovers()).toEqual([])
    },
    20_000,
  )

  it('kills a browser that stands still, and says that nothing was measured', async () => {
    const { result } = await probe(browser, { url: `${origin}/frozen` }, 12_000)
    expect(result.outcome).toBe('unknown')
    await expect.poll(leftovers).toEqual([])
  }, 20_000)

  it('claims nothing when the time does not suffice for the start', async () => {
    const { result } = await probe(browser, { url: `${origin}/` }, 1000)
    expect([result.outcome, result.reason.code]).toEqual(['unknown', 'too-little-time'])
    await probe(browser, { url: `${origin}/` }, 2000)
    await expect.poll(leftovers, { timeout: 5000 }).toEqual([])
  }, 20_000)

  it.each([
    ['a hundred windows', '/popups', [{ action: 'expectText', text: 'Hello' }]],
    ['dialogs', '/alerts', [{ action: 'expectText', text: 'After all' }]],
    [
      'a trap that asks before leaving',
      '/trap',
      [
        { action: 'click', target: 'text=Stay' },
        { action: 'goto', url: 'ORIGIN/account' },
        { action: 'expectText', text: 'orders' },
      ],
    ],
    ['a page that tries to open a file', '/away', [{ action: 'click', target: 'text=Get it' }]],
  ])(
    'is not held up by %s',
    async (_, path, steps) => {
      const here = JSON.parse(JSON.stringify(steps).replaceAll('ORIGIN', origin))
      const { result, bugs } = await probe(browser, { url: `${origin}${path}`, steps: here }, 20_000)
      expect([result.outcome, result.reason.message]).toEqual(['up', `All ${steps.length + 1} steps were taken.`])
      expect(bugs).toEqual([])
      expect(leftovers()).toEqual([])
    },
    30_000,
  )
})

describe('the browser', () => {
  it.each([
    ['where CHROMIUM_PATH says', 'linux', { CHROMIUM_PATH: '/opt/c' }, ['/opt/c', '/usr/bin/chromium'], '/opt/c'],
    ['nowhere else when that is not there', 'linux', { CHROMIUM_PATH: '/opt/c' }, ['/usr/bin/chromium'], null],
    ['at a usual place', 'linux', {}, ['/usr/bin/google-chrome'], '/usr/bin/google-chrome'],
    ['on the path', 'linux', { PATH: '/a:/b' }, ['/b/chromium'], '/b/chromium'],
    [
      'at its place on Windows',
      'win32',
      { PROGRAMFILES: 'C:\\P' },
      ['C:\\P\\Google\\Chrome\\Application\\chrome.exe'],
      'C:\\P\\Google\\Chrome\\Application\\chrome.exe',
    ],
    ['nowhere', 'darwin', {}, [], null],
  ] as const)('is found %s', (_, platform, env, there, expected) => {
    expect(findBrowser({ platform, env }, (path) => (there as readonly string[]).includes(path))).toBe(expected)
  })
})

describe('the options of a browser journey', () => {
  const at = { url: 'http://127.0.0.1/' }
  it.each([
    ['a file', { url: 'file:///etc/passwd' }, 'url'],
    ['a script', { ...at, steps: [{ action: 'goto', url: 'javascript:alert(1)' }] }, 'steps.0.url'],
    ['an element by nothing', { ...at, steps: [{ action: 'click', target: '#login' }] }, 'steps.0.target'],
    ['a secret nobody knows', { ...at, steps: [{ action: 'fill', target: 'css=a', text: '{{x}}' }] }, 'steps.0.text'],
    ['five hundred steps', { ...at, steps: Array.from({ length: 500 }, () => ({ action: 'screenshot' })) }, 'steps'],
    ['a step that does not exist', { ...at, steps: [{ action: 'evaluate', script: '1' }] }, 'steps.0.action'],
    ['two steps of one name', { ...at, steps: [{ action: 'screenshot', name: 'Open' }] }, 'steps.0.name'],
  ])('with %s are refused', (_, config, path) => {
    const parsed = BrowserConfig.safeParse(config)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})

describe('a recording of Chrome', () => {
  const recorded = {
    title: 'Log in',
    steps: [
      { type: 'setViewport', width: 1, height: 1 },
      { type: 'navigate', url: 'https://shop.example/' },
      { type: 'change', value: 'me', selectors: [['aria/User'], ['#user'], ['xpath///*[@id="user"]']], target: 'main' },
      { type: 'click', selectors: [['aria/Log in[role="button"]'], ['form > button']], offsetX: 1 },
      { type: 'keyDown', key: 'Enter' },
      { type: 'keyUp', key: 'Enter' },
      { type: 'click', selectors: [['text/Orders']] },
      { type: 'hover', selectors: [['#menu']] },
      { type: 'click', selectors: [['xpath///a']] },
      { type: 'navigate', url: 'chrome://settings' },
    ],
  }

  it('becomes steps, and what could not be taken is named', () => {
    const { config, leftOut } = readRecording(JSON.stringify(recorded))
    expect(config).toEqual({
      url: 'https://shop.example/',
      steps: [
        { action: 'fill', name: '', target: 'css=#user', text: 'me' },
        { action: 'click', name: '', target: 'role=button[name="Log in"]' },
        { action: 'press', name: '', key: 'Enter' },
        { action: 'click', name: '', target: 'text=Orders' },
      ],
    })
    expect(leftOut).toEqual([
      'step 8, hover: there is no such step here',
      'step 9, click: its element cannot be named by role, text or CSS',
      'step 10, navigate: only http and https addresses are opened',
    ])
    expect(BrowserConfig.safeParse(config).success).toBe(true)
  })

  it('of five hundred clicks is cut, and says so', () => {
    const click = { type: 'click', selectors: ['#a'] }
    const many = { steps: [recorded.steps[1], ...Array.from({ length: 400 }, () => click)] }
    const { config, leftOut } = readRecording(JSON.stringify(many))
    expect([config.steps.length, leftOut.length]).toEqual([50, 350])
  })

  it.each([
    ['no JSON', '{', 'expected JSON'],
    ['other JSON', '{"log": {}}', 'expected "steps"'],
    ['no address', '{"steps": [{"type": "click", "selectors": ["#a"]}]}', 'begins by opening'],
    ['a file', '{"steps": [{"type": "navigate", "url": "file:///etc/passwd"}]}', 'begins by opening'],
  ])('that is %s is refused', (_, text, words) => {
    expect(() => readRecording(text)).toThrow(words)
  })
})
