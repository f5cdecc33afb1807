import { describe, expect, it } from 'vitest'
import { journey } from '#main/checks/kinds/journey.ts'
import { withoutSecretValues, withStoredSecrets } from '#main/config/entry-secrets.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { keptSecret } from '#shared/contract/evidence.ts'

const draft = (...secrets: [string, string][]) =>
  CheckDraft.parse({
    name: 'Shop',
    kind: 'journey',
    config: {
      steps: [{ url: 'http://127.0.0.1/' }],
      secrets: secrets.map(([name, secret]) => ({ name, secret })),
    },
  })

describe('secrets in a list', () => {
  const stored = draft(['first', 'one'], ['second', 'two'])

  it('are never told', () => {
    expect(withoutSecretValues(stored, journey)).toEqual(draft(['first', keptSecret], ['second', keptSecret]))
  })

  it('stay with their name when items are moved or removed', () => {
    const kept = (...names: string[]) => draft(...names.map((name) => [name, keptSecret] as [string, string]))
    expect(withStoredSecrets(kept('second', 'first'), journey, stored)).toEqual(
      draft(['second', 'two'], ['first', 'one']),
    )
    expect(withStoredSecrets(kept('second'), journey, stored)).toEqual(draft(['second', 'two']))
  })

  it('do not go to an item of another name', () => {
    expect(() => withStoredSecrets(draft(['third', keptSecret]), journey, stored)).toThrow('secrets.0.secret')
  })
})
