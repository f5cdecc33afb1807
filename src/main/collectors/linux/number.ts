/** A number as the kernel writes it: decimal digits, perhaps a sign and a fraction. Null for anything else. */
export function kernelNumber(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
