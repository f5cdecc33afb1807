/** What a collector of Kubernetes can be configured with. The form is drawn from this. */
import { z } from 'zod'

const labelText = /^[A-Za-z0-9._/\-=!,() ]*$/

export const KubernetesConfig = z.strictObject({
  kubeconfig: z.string().trim().min(1).max(1000).default('~/.kube/config').meta({
    title: 'Kubeconfig',
    description: 'A file of this machine; ~ is the home of Belfry’s user',
    essential: true,
  }),
  context: z
    .string()
    .trim()
    .max(300)
    .default('')
    .meta({ title: 'Context', description: 'Empty: the current one of that file', essential: true }),
  namespace: z
    .string()
    .trim()
    .max(63)
    .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/, 'expected the name of a namespace, such as shop')
    .default('')
    .meta({ title: 'Namespace', description: 'Empty: all that may be read', essential: true }),
  labelSelector: z
    .string()
    .trim()
    .max(500)
    .regex(labelText, 'expected a selector such as app=shop,tier!=test')
    .default('')
    .meta({ title: 'Label selector', description: 'Such as app=shop', group: 'What is read' }),
  mostPods: z
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(1000)
    .meta({ title: 'Pods', description: 'More is a failure', group: 'What is read' }),
})
export type KubernetesConfig = z.output<typeof KubernetesConfig>
