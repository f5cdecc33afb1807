/** How the headless console is run, wherever it is: by `npm start`, by the tests and by the benchmarks. */
import { resolve } from 'node:path'

/**
 * The young generation of V8 grows to 48 MB a thread where nobody stops it, and collecting one that large holds the main
 * loop up to 40 ms. At 2 MB a half, pauses stay at 1-2 ms; what Belfry allocates lives for a tick or for good.
 */
export const nodeOptions = ['--max-semi-space-size=2']

const entry = resolve(import.meta.dirname, '../out/main/headless.js')

/** Arguments for Node, the console's own last. */
export function headlessArguments(args: readonly string[]): string[] {
  return [...nodeOptions, entry, ...args]
}
