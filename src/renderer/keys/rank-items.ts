/** Finds palette items by what was typed: every word must occur; starts of words count more than their insides. */
import type { LucideIcon } from 'lucide-react'

export interface PaletteItem {
  /** Unique over all features. */
  readonly id: string
  readonly title: string
  /** What else it is found by, shown beside the title: a target, a state. */
  readonly note?: string
  /** `Screen`, `Check`, `Alert`, `Action`. */
  readonly group: string
  readonly icon: LucideIcon
  readonly keys?: string
  readonly run: () => void
}

const shown = 60

/** Best first, at most 60; with nothing typed, in the given order. */
export function rankItems(items: readonly PaletteItem[], text: string): readonly PaletteItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return items.slice(0, shown)
  return items
    .map((item, order) => ({ item, order, score: scoreOf(item, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, shown)
    .map(({ item }) => item)
}

/** 0: some word does not occur. */
function scoreOf(item: PaletteItem, words: readonly string[]): number {
  const title = item.title.toLowerCase()
  const rest = `${item.note ?? ''} ${item.group}`.toLowerCase()
  let score = 0
  for (const word of words) {
    const best = Math.max(4 * placeScore(title, word), placeScore(rest, word))
    if (best === 0) return 0
    score += best
  }
  return score
}

/** 3 at the very start, 2 at the start of a word, 1 inside, 0 not at all. */
function placeScore(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at < 0) return 0
  if (at === 0) return 3
  return /[\s./:_-]/.test(text.charAt(at - 1)) ? 2 : 1
}
