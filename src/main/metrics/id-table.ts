/**
 * Finds things that have ids by what they are: a hash table of the ids alone, with open addressing. A Map would keep a
 * text of some two hundred bytes as the key of each series; here each takes a slot of four bytes, which the garbage
 * collector never looks at, and the things themselves are compared. Nothing is ever taken out.
 */

export interface IdTable<Thing> {
  /** The id of the thing that is the same as this one; 0 when there is none. */
  find(sought: Thing): number
  /** Takes in a thing that is not there yet and that `thingOf` knows by its id already. Ids are above 0. */
  add(id: number): void
}

/** Same things must have the same hash: an integer, all of whose bits count. */
export function createIdTable<Thing>(
  thingOf: (id: number) => Thing,
  hashOf: (thing: Thing) => number,
  isSame: (one: Thing, other: Thing) => boolean,
): IdTable<Thing> {
  /** A power of two of slots, at most half of them taken; 0 is a free one. */
  let slots = new Uint32Array(1024)
  let size = 0

  /** Where the thing is, or the free slot where it belongs. */
  const slotOf = (sought: Thing): number => {
    const mask = slots.length - 1
    let slot = hashOf(sought) & mask
    for (let id = slots[slot]; id && !isSame(thingOf(id), sought); id = slots[slot]) slot = (slot + 1) & mask
    return slot
  }

  const grow = () => {
    const before = slots
    slots = new Uint32Array(2 * before.length)
    for (const id of before) if (id > 0) slots[slotOf(thingOf(id))] = id
  }

  return {
    find: (sought) => slots[slotOf(sought)] ?? 0,
    add(id) {
      size++
      if (size > slots.length / 2) grow()
      slots[slotOf(thingOf(id))] = id
    },
  }
}
