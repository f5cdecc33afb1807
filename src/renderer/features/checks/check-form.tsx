/** Writing a check: what is probed and when, with a trial run beside it. */
import { useMemo } from 'react'
import type { CheckKindView } from '#shared/contract/checks.ts'
import { navigate } from '../../navigation/location.ts'
import { cx } from '../../ui/class-names.ts'
import { configOf } from '../../ui/form/draft.ts'
import { DraftForm } from '../../ui/form/draft-form.tsx'
import type { JsonObject } from '../../ui/form/form-value.ts'
import { TrialPanel } from '../../ui/form/trial-panel.tsx'
import { commonFields, extrasOfSchema } from './check-draft.ts'
import css from './check-form.module.css'
import { CheckResultLine, CheckResultView } from './check-result.tsx'
import { ImportBox } from './import-box.tsx'
import { PasteBox } from './paste-box.tsx'
import { PingAddress } from './ping-address.tsx'
import { useCheckForm } from './use-check-form.ts'

interface CheckFormProps {
  /** Null: a new check. */
  readonly id: string | null
  readonly kinds: readonly CheckKindView[]
  readonly initial: JsonObject
  readonly isCopy: boolean
  /** What came with the address, to be guessed from at once. */
  readonly pasted: string | null
}

export function CheckForm({ id, kinds, initial, isCopy, pasted }: CheckFormProps) {
  const form = useCheckForm({ id, kinds, initial, isCopy })
  const { value, change, kind } = form
  const isNew = id === null
  const config = configOf(value)
  const extras = useMemo(() => extrasOfSchema(kind?.schema), [kind])
  const pingId = extras.pingedBy === undefined ? undefined : config[extras.pingedBy]
  return (
    <DraftForm
      form={form}
      noun="check"
      isNew={isNew}
      kinds={kinds}
      commonFields={commonFields}
      onLeave={() => (id === null ? navigate('checks') : navigate('check', { id }))}
      editOf={(draft) => ({ edit: 'saveCheck', id, draft })}
      lead={
        isNew &&
        !isCopy && (
          <PasteBox
            pasted={pasted}
            onGuess={(draft) => change({ ...draft, labels: value['labels'] ?? draft.labels })}
          />
        )
      }
      aboveOptions={
        kind &&
        extras.imports && (
          <ImportBox
            key={kind.kind}
            kind={kind.kind}
            source={extras.imports}
            onImport={(taken) => change({ ...value, config: { ...config, ...taken } })}
          />
        )
      }
      belowOptions={typeof pingId === 'string' && <PingAddress pingId={pingId} />}
      trial={
        <TrialPanel
          form={form}
          hint="A trial asks the target once and shows status, headers, body, certificate and timing. Nothing is saved."
        >
          {(tried) => (
            <div className={cx(css['tried'])}>
              <CheckResultLine result={tried} />
              <CheckResultView result={tried} />
            </div>
          )}
        </TrialPanel>
      }
    />
  )
}
