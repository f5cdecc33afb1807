import { cx } from './class-names.ts'
import css from './difference.module.css'

interface DifferenceProps {
  /** Name of the file, read out and shown above. */
  readonly file: string
  /** In the unified format. */
  readonly diff: string
}

/** What a change makes of a file: lines that go and lines that come, told by sign and by colour. */
export function Difference({ file, diff }: DifferenceProps) {
  const lines = linesOf(diff)
  return (
    <figure className={cx(css['difference'])} aria-label={`Change of ${file}`}>
      <figcaption className={cx(css['file'])}>{file}</figcaption>
      <pre className={cx(css['lines'])}>
        {lines.map(({ sort, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one difference never move
          <span key={index} className={cx(css['line'], css[sort])}>
            {text}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  )
}

type Sort = 'gone' | 'new' | 'place' | 'same'

function linesOf(diff: string): { sort: Sort; text: string }[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !/^(---|\+\+\+) /.test(line))
    .map((text) => ({ sort: sortOf(text), text }))
}

function sortOf(line: string): Sort {
  if (line.startsWith('-')) return 'gone'
  if (line.startsWith('+')) return 'new'
  return line.startsWith('@@') ? 'place' : 'same'
}
