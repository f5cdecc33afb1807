/** Steps from a recording of another tool: pasted, read by the console, and what could not be taken is said. */
import { FileInput } from 'lucide-react'
import { useState } from 'react'
import { useCommand } from '../../client/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { TextField } from '../../ui/fields.tsx'
import { FormStack } from '../../ui/form/form-layout.tsx'
import type { JsonObject } from '../../ui/form/form-value.ts'
import css from './check-form.module.css'

interface ImportBoxProps {
  readonly kind: string
  /** What recordings are taken, in words. */
  readonly source: string
  readonly onImport: (config: JsonObject) => void
}

export function ImportBox({ kind, source, onImport }: ImportBoxProps) {
  const [text, setText] = useState('')
  const reading = useCommand('probes.import')
  const [leftOut, setLeftOut] = useState<readonly string[] | null>(null)
  const read = async () => {
    const made = await reading.run({ kind, text })
    if (!made) return
    setLeftOut(made.leftOut)
    setText('')
    onImport(made.config)
  }
  return (
    <details className={cx(css['import'])}>
      <summary>Import a recording</summary>
      <FormStack>
        <TextField
          label={source}
          lines={5}
          isMono
          value={text}
          onChange={setText}
          problem={reading.failure?.message ?? null}
        />
        <div>
          <Button icon={FileInput} isPending={reading.isRunning} onPress={read} isDisabled={text.trim() === ''}>
            Read it
          </Button>
        </div>
        <div aria-live="polite">
          {leftOut && leftOut.length === 0 && <p className={cx(css['hint'])}>Every step was taken over.</p>}
          {leftOut && leftOut.length > 0 && (
            <>
              <p>Not taken over:</p>
              <ul className={cx(css['leftOut'])}>
                {leftOut.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </>
          )}
        </div>
      </FormStack>
    </details>
  )
}
