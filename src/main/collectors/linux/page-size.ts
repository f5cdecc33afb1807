/** Bytes of a memory page, from the auxiliary vector: pairs of 64-bit words. Source: man 3 getauxval, AT_PAGESZ. */
export function pageSizeOf(auxiliaryVector: Uint8Array): number {
  const view = new DataView(auxiliaryVector.buffer, auxiliaryVector.byteOffset, auxiliaryVector.byteLength)
  for (let offset = 0; offset + 16 <= view.byteLength; offset += 16) {
    if (view.getBigUint64(offset, true) === pageSizeKey) return Number(view.getBigUint64(offset + 8, true))
  }
  return usualPageBytes
}

const pageSizeKey = 6n
const usualPageBytes = 4096
