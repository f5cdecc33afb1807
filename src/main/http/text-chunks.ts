/** Large texts in slices: pieces of text come together to chunks of bytes, and others get their turn in between. */
import { Readable } from 'node:stream'
import { atEase } from '#main/store/expressions/at-ease.ts'
import { eachOf } from '#shared/promql/steps.ts'

const chunkLength = 1 << 16
/** On the main loop. */
const sliceMs = 4

/** The items' texts, one after the other. */
export async function joined<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  signal: AbortSignal,
  { open = '', between = '', close = '' }: { open?: string; between?: string; close?: string } = {},
): Promise<Uint8Array[]> {
  const encoder = new TextEncoder()
  const chunks: Uint8Array[] = []
  let text = open
  let isFirst = true
  const write = (item: T) => {
    if (!isFirst) text += between
    text += textOf(item)
    isFirst = false
    if (text.length < chunkLength) return
    chunks.push(encoder.encode(text))
    text = ''
  }
  await atEase(eachOf(items, write), signal, sliceMs)
  chunks.push(encoder.encode(text + close))
  return chunks
}

/** The bytes as a stream that waits for its reader. */
export function streamOf(chunks: readonly Uint8Array[]): Readable {
  return Readable.from(chunks, { objectMode: false })
}
