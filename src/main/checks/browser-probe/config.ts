/** What a browser journey can be configured with: where it begins, and what is done and expected there. */
import { z } from 'zod'
import { HttpConfig } from '../http-probe/config.ts'
import { namesIn } from '../journey/template.ts'

const mostSteps = 50

const Name = z.string().trim().max(60).default('').meta({ title: 'Step', placeholder: 'Log in', essential: true })

const Target = z
  .string()
  .trim()
  .max(500)
  .regex(/^(role|text|css)=\S/, 'expected an element as role=button[name="Log in"], text=Log in or css=#login')
  .meta({ title: 'Element', placeholder: 'role=button[name="Log in"]', essential: true })

const Text = z.string().min(1).max(2000)

const Address = z
  .string()
  .trim()
  .max(2000)
  .refine((text) => HttpConfig.shape.url.safeParse(text).success, {
    message: 'expected a URL that begins with http:// or https://, such as https://example.com/login',
  })
  .meta({ title: 'URL', placeholder: 'https://example.com/login', essential: true })

/** Which step is which by `action`. */
const BrowserStep = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('goto'), name: Name, url: Address }).meta({ title: 'Go to' }),
  z.strictObject({ action: z.literal('click'), name: Name, target: Target }).meta({ title: 'Click' }),
  z
    .strictObject({
      action: z.literal('fill'),
      name: Name,
      target: Target,
      text: z
        .string()
        .max(2000)
        .default('')
        .meta({ title: 'Text', description: 'Secret values as {{name}}', essential: true }),
    })
    .meta({ title: 'Fill in' }),
  z
    .strictObject({
      action: z.literal('press'),
      name: Name,
      key: z
        .string()
        .regex(/^((Control|Shift|Alt|Meta)\+)*([A-Za-z0-9]{1,12}|\S)$/, 'expected a key such as Enter or Control+a')
        .default('Enter')
        .meta({ title: 'Key', placeholder: 'Enter', essential: true }),
    })
    .meta({ title: 'Press a key' }),
  z
    .strictObject({
      action: z.literal('expectText'),
      name: Name,
      text: Text.meta({ title: 'Text', essential: true }),
      target: Target.nullable().default(null).meta({ title: 'Within', description: 'Empty: anywhere on the page' }),
    })
    .meta({ title: 'Expect a text' }),
  z
    .strictObject({
      action: z.literal('expectUrl'),
      name: Name,
      text: Text.meta({ title: 'Address contains', placeholder: '/account', essential: true }),
    })
    .meta({ title: 'Expect an address' }),
  z
    .strictObject({
      action: z.literal('waitFor'),
      name: Name,
      target: Target,
      state: z
        .enum(['visible', 'hidden'])
        .default('visible')
        .meta({ title: 'Until it is', choiceTitles: { visible: 'Visible', hidden: 'Gone' }, essential: true }),
    })
    .meta({ title: 'Wait for' }),
  z.strictObject({ action: z.literal('screenshot'), name: Name }).meta({ title: 'Take a picture' }),
])
export type BrowserStep = z.output<typeof BrowserStep>

export const BrowserConfig = z
  .strictObject({
    url: Address.meta({ title: 'Begins at' }),
    steps: z
      .array(BrowserStep)
      .max(mostSteps, `expected at most ${mostSteps} steps`)
      .default([])
      .meta({ title: 'Steps', ordered: true, essential: true }),
    secrets: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[A-Za-z_]\w{0,39}$/, 'expected a name of letters, digits and _, such as password')
            .meta({ title: 'Name', placeholder: 'password' }),
          secret: z.string().min(1).max(4000).meta({ title: 'Secret', secret: true }),
        }),
      )
      .max(20)
      .default([])
      .meta({
        title: 'Secret values',
        description: 'To be filled in as {{name}}, never shown again',
        group: 'Secrets',
      }),
    verifyTls: HttpConfig.shape.verifyTls,
  })
  .superRefine(({ steps, secrets }, context) => {
    const known = new Set(secrets.map(({ name }) => name))
    const labels = new Set<string>([firstStepName])
    steps.forEach((step, index) => {
      const label = browserStepName(step, index)
      if (labels.has(label)) {
        const message = `expected a name of its own; "${label}" is another step's`
        context.addIssue({ code: 'custom', path: ['steps', index, 'name'], message })
      }
      labels.add(label)
      const missing = step.action === 'fill' ? namesIn(step.text).find((name) => !known.has(name)) : undefined
      if (missing !== undefined) {
        const message = `expected the name of a secret value; there is no {{${missing}}}`
        context.addIssue({ code: 'custom', path: ['steps', index, 'text'], message })
      }
    })
  })
  // The form offers to read what the recorder of Chrome's developer tools exports.
  .meta({ imports: 'Chrome DevTools Recorder, as JSON' })
export type BrowserConfig = z.output<typeof BrowserConfig>

export const firstStepName = 'Open'

/** What a step is called in evidence and in the label `step`. */
export function browserStepName({ name }: { readonly name: string }, index: number): string {
  return name === '' ? String(index + 1) : name
}
