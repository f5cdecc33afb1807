/**
 * Finds things that have ids by what they are: a hash table of ids and hashes alone, with open addressing. A Map would
 * keep a text of some two hundred bytes as the key of each series; here each takes a slot of eight bytes, which the
 * garbage collector never looks at, and the things themselves are compared. Nothing is ever taken out.
 */

export interface IdTable<Thing> {
  /** The id of the thing that is the same as this one; 0 when there is none. */
  find(sought: Thing): number
  /** Takes in a thing that is not there yet and that `thingOf` knows by its id already. Ids are above 0. */
  add(id: number): void
}

/** Same things must have the same hash: a 32-bit integer. */
export function createIdTable<Thing>(
  thingOf: (id: number) => Thing,
  hashOf: (thing: Thing) => number,
  isSame: (one: Thing, other: Thing) => boolean,
): IdTable<Thing> {
  /** A power of two of slots, at most three quarters of them taken; 0 is a free one. */
  let ids = new Uint32Array(1024)
  /** Of what is in the same slot: tells most others apart without looking at them. */
  let hashes = new Int32Array(1024)
  let size = 0

  /** Where the thing is, or the free slot where it belongs. */
  const slotOf = (sought: Thing, hash: number): number => {
    const mask = ids.length - 1
    let slot = hash & mask
    for (let id = ids[slot]; id; id = ids[slot]) {
      if (hashes[slot] === hash && isSame(thingOf(id), sought)) break
      slot = (slot + 1) & mask
    }
    return slot
  }

  const put = (id: number, hash: number) => {
    const slot = slotOf(thingOf(id), hash)
    ids[slot] = id
    hashes[slot] = hash
  }

  const grow = () => {
    const [idsBefore, hashesBefore] = [ids, hashes]
    ids = new Uint32Array(2 * idsBefore.length)
    hashes = new Int32Array(ids.length)
    idsBefore.forEach((id, slot) => {
      if (id > 0) put(id, hashesBefore[slot] ?? 0)
    })
  }

  return {
    find: (sought) => ids[slotOf(sought, hashOf(sought))] ?? 0,
    add(id) {
      size++
      if (size > 0.75 * ids.length) grow()
      put(id, hashOf(thingOf(id)))
    },
  }
}
