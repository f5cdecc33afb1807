/** What a dashboard marks on its charts besides its series. */
import { z } from 'zod'
import { Labels } from '../../contract/common.ts'
import { durationOrNothing } from './panels.ts'
import { SeriesColor } from './values.ts'

const annotationFields = {
  name: z.string().min(1).max(60),
  isShown: z.boolean().default(true),
  color: SeriesColor.default('series-4'),
}

export const Annotation = z.discriminatedUnion('source', [
  /** When alerts fired and resolved; labels as `name="value"`, all of which must hold. */
  z.strictObject({
    source: z.literal('alerts'),
    ...annotationFields,
    labels: z.array(z.string().max(500)).max(20).default([]),
  }),
  /** When checks changed their state. */
  z.strictObject({
    source: z.literal('check-changes'),
    ...annotationFields,
    labels: Labels.default({}),
    text: z.string().max(120).default(''),
  }),
  /** What Belfry says of itself, and time that it did not observe. */
  z.strictObject({ source: z.literal('notices'), ...annotationFields }),
  /** Stretches in which a query has a value; texts take `{{label}}`. */
  z.strictObject({
    source: z.literal('query'),
    ...annotationFields,
    expr: z.string().min(1).max(20_000),
    title: z.string().max(500).default(''),
    text: z.string().max(2000).default(''),
    step: durationOrNothing.default(''),
  }),
])
export type Annotation = z.infer<typeof Annotation>
