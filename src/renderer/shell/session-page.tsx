import { KeyRound } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Kbd } from '../ui/kbd.tsx'
import css from './session-page.module.css'

/** Shown to a browser that nobody let in: where the way in is found. */
export function SessionPage() {
  return (
    <main className={cx(css['page'])}>
      <div className={cx(css['card'])}>
        <KeyRound size={28} aria-hidden />
        <h1 className={cx(css['title'])}>This browser is not logged in</h1>
        <p>
          Belfry lets a browser in with a login link that works once, within ten minutes. It is printed in the terminal
          where Belfry runs.
        </p>
        <ol className={cx(css['steps'])}>
          <li>Go to that terminal.</li>
          <li>
            Press <Kbd keys="enter" /> there to print a new link.
          </li>
          <li>Open the link in this browser.</li>
        </ol>
        <Button onPress={() => location.reload()}>I have done that; try again</Button>
      </div>
    </main>
  )
}
