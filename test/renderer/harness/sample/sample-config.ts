/** Configuration files, changes that can be taken back and secrets, as a console of some weeks has them. */
import type { FileDifference } from '#shared/contract/config.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

const directory = '/home/operator/.config/belfry'
const text = `version: 1

groups:
  web: { every: 30s, tags: [public], labels: { team: shop } }
checks:
  - name: Shop
    kind: http
    group: web
    config:
      url: https://shop.example
      auth: { type: bearer, token: secret:shop-token }
`
const changed: FileDifference = {
  file: `${directory}/belfry.yaml`,
  isNew: false,
  diff: `--- belfry.yaml
+++ belfry.yaml
@@ -7,5 +7,5 @@
   - name: Shop
     kind: http
     group: web
-    every: 1m
+    every: 30s
     config:
`,
}

export function sampleConfigHandlers(startedAt: number): HandlersOf<'config' | 'secrets'> {
  const edits = [
    {
      id: 'edit-2',
      role: 'operator' as const,
      at: startedAt - 60_000,
      summary: 'Change the check "Shop"',
      restores: [changed],
      refusal: null,
    },
    {
      id: 'edit-1',
      role: 'operator' as const,
      at: startedAt - 900_000,
      summary: 'Pause 3 checks',
      restores: [],
      refusal: 'What this was about has changed since, so it is not taken back: change it by hand.',
    },
  ]
  const names = new Set(['shop-token', 'smtp'])
  return {
    'config.problems': () => ({ problems: [], isLastGoodKept: false }),
    'config.source': () => ({ directory, files: [{ file: `${directory}/belfry.yaml`, name: 'belfry.yaml', text }] }),
    'config.exportAll': () => ({ files: [{ name: 'belfry.yaml', text }] }),
    'config.schema': () => ({ type: 'object' }),
    'config.preview': () => ({ files: [changed] }),
    'config.edits': () => edits,
    'config.undo': ({ id }) => ({ id: id ?? 'edit-2', summary: 'Change the check "Shop"', files: [changed] }),
    'secrets.list': () => ({
      secrets: [...names].map((name) => ({
        name,
        isStored: true,
        usedBy:
          name === 'shop-token'
            ? [{ file: `${directory}/belfry.yaml`, line: 11, path: 'checks[0].config.auth.token' }]
            : [],
      })),
      mechanism: 'AES-256-GCM in a file',
      trouble: null,
    }),
    'secrets.set'({ name }) {
      const isNew = !names.has(name)
      names.add(name)
      return { name, isNew }
    },
    'secrets.remove'({ name }) {
      names.delete(name)
      return { name }
    },
  }
}
