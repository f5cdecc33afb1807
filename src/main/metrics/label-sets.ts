/**
 * One object for each different set of labels, one text for each value of a label: a check's series share theirs, also
 * when they come back from the disk as so many copies.
 */
import { hashOfLabels, sameLabels } from '#shared/domain/labels.ts'
import type { Labels } from '#shared/domain/series.ts'
import { createIdTable } from './id-table.ts'

export interface LabelSets {
  /** The object that stands for these labels; its names are in ascending order. */
  shared(labels: Labels): Labels
}

/** `textOf`: the one text that stands for a label's value. */
export function createLabelSets(textOf: (label: string, value: string) => string): LabelSets {
  /** By id, of which 0 is nobody's. */
  const sets: Labels[] = [{}]
  const setOf = (id: number) => sets[id] ?? {}
  const table = createIdTable(setOf, hashOfLabels, sameLabels)
  return {
    shared(labels) {
      const known = table.find(labels)
      if (known > 0) return setOf(known)
      const names = Object.keys(labels).sort()
      const made = Object.fromEntries(names.map((label) => [label, textOf(label, labels[label] ?? '')]))
      table.add(sets.push(made) - 1)
      return made
    },
  }
}
