/** One line to paste an address into: the console guesses the kind and fills in the form. */
import { Wand2 } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { useCommand } from '../../client/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { TextField } from '../../ui/fields.tsx'
import css from './check-form.module.css'

interface PasteBoxProps {
  /** Guessed from at once when it is there. */
  readonly pasted: string | null
  readonly onGuess: (draft: CheckDraft) => void
}

export function PasteBox({ pasted, onGuess }: PasteBoxProps) {
  const [text, setText] = useState(pasted ?? '')
  const guess = useCommand('checks.guess')
  const fill = async (from: string) => {
    if (from.trim() === '') return
    const draft = await guess.run({ text: from.trim() })
    if (draft) onGuess(draft)
  }
  const fillAtOnce = useEffectEvent(() => {
    if (pasted !== null) void fill(pasted)
  })
  useEffect(() => fillAtOnce(), [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter and paste in the field inside are shortcuts of its button
    <div
      className={cx(css['paste'])}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return
        event.preventDefault()
        void fill(text)
      }}
      onPaste={(event) => {
        const whole = event.clipboardData.getData('text').trim()
        if (text === '' && whole !== '') void fill(whole)
      }}
    >
      <div className={cx(css['pasteField'])}>
        <TextField
          label="Paste a URL, a host:port or an address"
          placeholder="https://example.com/health, db.internal:5432, 192.0.2.1"
          value={text}
          onChange={(next) => {
            setText(next)
            guess.clear()
          }}
          problem={guess.failure?.message ?? null}
          autoFocus
        />
      </div>
      <Button icon={Wand2} isPending={guess.isRunning} onPress={() => fill(text)}>
        Fill in
      </Button>
    </div>
  )
}
