/**
 * Brings a document of an older version to the present one, step by step: version 1 to 2, 2 to 3. A step changes the
 * document and not its values, so comments and order stay. There is only one version yet, hence no step.
 */

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

/** What has landed is never edited: files in the field have been through it. */
const upgradeSteps: readonly UpgradeStep[] = []

/** Changes `document` in place, its `version:` included. Throws where a step is missing. */
export function upgraded(
  document: UpgradableDocument,
  from: number,
  to: number,
  steps: readonly UpgradeStep[] = upgradeSteps,
): void {
  for (let version = from; version < to; version++) {
    const step = steps.find((one) => one.from === version)
    if (step === undefined) throw new Error(`nothing is known of version ${version}, expected ${to}`)
    step.change(document)
    document.set('version', version + 1)
  }
}
