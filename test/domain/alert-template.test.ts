import { describe, expect, it } from 'vitest'
import { compileTemplate } from '#shared/domain/template.ts'

function render(text: string, value: number, labels: Record<string, string> = {}): string {
  const compiled = compileTemplate(text)
  if (!compiled.ok) throw new Error(compiled.problem)
  return compiled.render({ value, labels })
}

describe('templates', () => {
  it.each<[string, number, string]>([
    ['plain text', 1, 'plain text'],
    ['{{ $value }}', 0.05, '0.05'],
    ['{{$value}}', 1e21, '1e+21'],
    ['{{ $value }}', 0.00001, '1e-05'],
    ['{{ $value }}', Number.POSITIVE_INFINITY, '+Inf'],
    ['{{ .Value }}', 3, '3'],
    ['{{ $labels.disk }} and {{ .Labels.none }}.', 1, 'sda and .'],
    ['{{ index $labels "disk" }}', 1, 'sda'],
    ['{{ humanize $value }}', 1_234_567, '1.235M'],
    ['{{ $value | humanize }}', 0.00123, '1.23m'],
    ['{{ humanize $value }}', 0, '0'],
    ['{{ humanize $value }}', 999.96, '1000'],
    ['{{ humanize1024 $value }}B', 1_048_576, '1MiB'],
    ['{{ humanize1024 $value }}B', 500, '500B'],
    ['{{ humanizePercentage $value }}', 0.123456, '12.35%'],
    ['{{ humanizeDuration $value }}', 93_784, '1d 2h 3m 4s'],
    ['{{ humanizeDuration $value }}', -61, '-1m 1s'],
    ['{{ humanizeDuration $value }}', 1.5, '1.5s'],
    ['{{ humanizeDuration $value }}', 0.0012, '1.2ms'],
    ['{{ printf "%.2f" $value }} ms', 2.71459, '2.71 ms'],
    ['{{ $value | printf "%5.1f%%" }}', 2.71459, '  2.7%'],
    ['{{ printf "%d of %s" $value $labels.disk }}', 3.9, '3 of sda'],
    ['{{ $labels.disk | toUpper }}', 1, 'SDA'],
    ['a {{- /* why */ -}} b', 1, 'ab'],
    ['{{ "a }} b" }}', 1, 'a }} b'],
  ])('renders %s of %d', (text, value, expected) => {
    expect(render(text, value, { disk: 'sda' })).toBe(expected)
  })

  it.each([
    ['{{ $value', /expected "}}"/],
    ['{{ }}', /expected an expression/],
    ['{{ if $value }}x{{ end }}', /got "if \$value"/],
    ['{{ range query "up" }}{{ end }}', /got "range query/],
    ['{{ $value.constructor }}', /got "\$value.constructor"/],
    ['{{ printf "%z" $value }}', /got %z/],
    ['{{ printf "%s %s" $value }}', /needs 2 values, got 1/],
    ['{{ humanize }}', /takes 1 argument, got 0/],
    ['{{ query "up" | first }}', /got "query/],
  ])('refuses %s', (text, problem) => {
    const compiled = compileTemplate(text)
    expect(compiled.ok ? '' : compiled.problem).toMatch(problem)
  })

  it('does not look up what every object has', () => {
    expect(render('{{ $labels.constructor }}{{ $labels.__proto__ }}', 1)).toBe('')
  })

  it('never runs what labels say', () => {
    expect(render('{{ $labels.x }}', 1, { x: '{{ $value }}' })).toBe('{{ $value }}')
  })
})
