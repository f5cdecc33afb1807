/**
 * Guards the guards: each import rule and each ban is broken once, in a copy of the tree, and the linter must say so.
 * A rule whose pattern no longer matches would otherwise pass for ever.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const imports = 'lint/style/noRestrictedImports'

interface Breach {
  readonly rule: string
  readonly file: string
  readonly code: string
  readonly expected: string
}

const breach = (rule: string, file: string, specifier: string): Breach => ({
  rule,
  file,
  code: `import * as planted from '${specifier}'\nexport const use = planted\n`,
  expected: imports,
})

const breaches: readonly Breach[] = [
  breach('shared imports nothing of main', 'src/shared/domain/planted-1.ts', '#main/ports.ts'),
  breach('shared imports nothing of Node', 'src/shared/domain/planted-2.ts', 'node:fs'),
  breach(
    'shared imports nothing of the renderer',
    'src/shared/contract/planted-3.ts',
    '../../renderer/client/transport.ts',
  ),
  breach('main never imports the renderer', 'src/main/checks/planted-4.ts', '../../renderer/client/transport.ts'),
  breach('main never imports the preload', 'src/main/api/planted-5.ts', '../../preload/index.ts'),
  breach('the preload never imports main', 'src/preload/planted-6.ts', '#main/ports.ts'),
  breach('the preload imports nothing of Node', 'src/preload/planted-7.ts', 'node:fs'),
  breach('the renderer never imports main', 'src/renderer/client/planted-8.ts', '#main/ports.ts'),
  breach('the renderer imports nothing of Node', 'src/renderer/ui/planted-9.ts', 'node:os'),
  breach('a service does not import the api', 'src/main/checks/planted-10.ts', '#main/api/checks.ts'),
  breach('ws is not for every service', 'src/main/alerts/planted-60.ts', 'ws'),
  breach('fastify is not for checks', 'src/main/checks/planted-61.ts', 'fastify'),
  breach('pg is for checks alone', 'src/main/collectors/planted-62.ts', 'pg'),
  breach('croner is for checks alone', 'src/main/alerts/planted-65.ts', 'croner'),
  breach('playwright-core is for checks alone', 'src/main/health/planted-64.ts', 'playwright-core'),
  breach('pg is not for the page', 'src/renderer/ui/planted-63.ts', 'pg'),
  breach('a service does not import an adapter', 'src/main/alerts/planted-11.ts', '../adapters/clock.ts'),
  breach('a service does not import compose', 'src/main/rules/planted-12.ts', '#main/compose.ts'),
  breach('a collector does not import the HTTP surface', 'src/main/collectors/planted-13.ts', '#main/http/routes.ts'),
  breach('the store knows no service', 'src/main/store/planted-14.ts', '#main/alerts/engine.ts'),
  breach('the api knows no host', 'src/main/api/planted-15.ts', '#main/headless/server.ts'),
  breach('compose knows no host', 'src/main/compose.ts', './electron/windows.ts'),
  breach('the headless host knows nothing of Electron', 'src/main/headless/planted-17.ts', '../electron/windows.ts'),
  breach(
    'the Electron host knows nothing of the headless one',
    'src/main/electron/planted-18.ts',
    '#main/headless/server.ts',
  ),
  breach('the kit knows no feature', 'src/renderer/ui/planted-19.ts', '../features/checks/check-list.tsx'),
  breach('charts know no feature', 'src/renderer/charts/planted-20.ts', '../features/host/host-page.tsx'),
  breach('features never import each other', 'src/renderer/features/checks/planted-21.ts', '../alerts/alert-list.tsx'),
  breach(
    'features never import each other from deeper down',
    'src/renderer/features/alerts/list/planted-22.ts',
    '../../checks/check-list.tsx',
  ),
  breach(
    'walls draw without the other features',
    'src/renderer/features/wall/planted-61.ts',
    '../overview/worst-first.ts',
  ),
  breach('electron has one door', 'src/main/checks/planted-23.ts', 'electron'),
  breach('better-sqlite3 has one door', 'src/main/alerts/planted-24.ts', 'better-sqlite3'),
  breach('fastify has one door', 'src/main/api/planted-25.ts', 'fastify'),
  breach('ws has one door', 'src/main/transport/planted-26.ts', 'ws'),
  breach('undici has two doors', 'src/main/alerts/planted-27.ts', 'undici'),
  breach('chart.js has one door', 'src/renderer/features/host/planted-28.ts', 'chart.js'),
  breach('pino is behind the Logger port', 'src/main/notify/planted-29.ts', 'pino'),
  {
    rule: 'no import cycles',
    file: 'src/shared/domain/planted-30.ts',
    code: "import { b } from './planted-31.ts'\nexport const a = () => b\n",
    expected: 'lint/suspicious/noImportCycles',
  },
  {
    rule: 'no import cycles, the other half',
    file: 'src/shared/domain/planted-31.ts',
    code: "import { a } from './planted-30.ts'\nexport const b = () => a\n",
    expected: 'lint/suspicious/noImportCycles',
  },
  ...['Date.now()', 'new Date()', 'Math.random()', 'setTimeout(() => 1, 5)', 'setInterval(() => 1, 5)'].flatMap(
    (call, index) => [
      {
        rule: `${call} in a service`,
        file: `src/main/alerts/planted-${40 + index}.ts`,
        code: `export const it = () => ${call}\n`,
        expected: 'plugin',
      },
      {
        rule: `${call} in shared`,
        file: `src/shared/domain/planted-${50 + index}.ts`,
        code: `export const it = () => ${call}\n`,
        expected: 'plugin',
      },
    ],
  ),
]

describe('the boundaries', () => {
  const copy = mkdtempSync(join(tmpdir(), 'belfry-boundaries-'))
  let found: Map<string, Set<string>>

  beforeAll(async () => {
    for (const part of ['src', 'scripts', 'biome.json', '.gitignore', 'package.json', 'tsconfig.base.json']) {
      cpSync(join(root, part), join(copy, part), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    for (const { file, code } of breaches) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), code)
    }
    found = await lint(copy)
  }, 60_000)
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it.each(breaches)('say when broken: $rule', ({ file, expected }) => {
    expect([...(found.get(file) ?? [])]).toContain(expected)
  })

  it('say nothing of files that keep them', () => {
    const planted = new Set(breaches.map((b) => b.file))
    const others = [...found].filter(
      ([file, rules]) => !planted.has(file) && (rules.has(imports) || rules.has('plugin')),
    )
    expect(others).toEqual([])
  })
})

/** File -> categories of its diagnostics. */
async function lint(directory: string): Promise<Map<string, Set<string>>> {
  const biome = join(root, 'node_modules', '.bin', 'biome')
  const output = await new Promise<string>((done) => {
    execFile(
      biome,
      ['lint', '--reporter=json', '--max-diagnostics=none', 'src'],
      { cwd: directory, maxBuffer: 1e8 },
      (_error, stdout) => done(stdout),
    )
  })
  const byFile = new Map<string, Set<string>>()
  const report = JSON.parse(output) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[]
  }
  for (const { category, location } of report.diagnostics) {
    const path = typeof location.path === 'string' ? location.path : location.path.file
    byFile.set(path, (byFile.get(path) ?? new Set()).add(category))
  }
  return byFile
}
