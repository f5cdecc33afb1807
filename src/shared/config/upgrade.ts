/**
 * Brings a document of an older version to the present one, step by step: version 1 to 2, 2 to 3. A step changes the
 * document and not its values, so comments and order stay. There is only one version yet, hence no step.
 */

import { configVersion } from './schema.ts'

/** The part of a YAML document that a step needs. */
export interface UpgradableDocument {
  has(key: string): boolean
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): boolean
}

export interface UpgradeStep {
  /** The version that it brings to the next. */
  readonly from: number
  change(document: UpgradableDocument): void
}

/** The version that is read, and the steps that lead to it. */
export interface Versions {
  readonly current: number
  readonly steps: readonly UpgradeStep[]
}

/** Steps that have landed are never edited: files in the field have been through them. */
export const configVersions: Versions = { current: configVersion, steps: [] }

/** Changes `document` in place, its `version:` included. Throws where a step is missing. */
export function upgraded(document: UpgradableDocument, from: number, { current, steps }: Versions): void {
  for (let version = from; version < current; version++) {
    const step = steps.find((one) => one.from === version)
    if (step === undefined) throw new Error(`nothing is known of version ${version}, expected ${current}`)
    step.change(document)
    document.set('version', version + 1)
  }
}
