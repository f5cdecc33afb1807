import { describe, expect, it } from 'vitest'
import { compileTemplate, type TemplateInput } from '#shared/domain/template/template.ts'

function rendered(text: string, input: TemplateInput) {
  const compiled = compileTemplate(text)
  if (!compiled.ok) throw new Error(compiled.problem)
  return compiled.render(input)
}

function render(text: string, value: number, labels: Record<string, string> = {}): string {
  const answer = rendered(text, { value, labels })
  return answer.type === 'text' ? answer.text : JSON.stringify(answer)
}

// What Prometheus's functions give is compared with promtool in test/rules/templates.test.ts.
describe('templates', () => {
  it.each<[string, number, string]>([
    ['plain text', 1, 'plain text'],
    ['{{ $value }}', 0.05, '0.05'],
    ['{{ index $labels "disk" }}', 1, 'sda'],
    ['{{ humanize1024 $value }}B', 1_048_576, '1MiB'],
    ['{{ humanizeDuration $value }}', 93_784, '1d 2h 3m 4s'],
    ['{{ printf "%.2f" $value }} ms', 2.71459, '2.71 ms'],
    ['{{ $labels.disk | toUpper }}', 1, 'SDA'],
    ['{{ with $labels.none }}a{{ else with $labels.disk }}b {{ . }}{{ end }}', 1, 'b sda'],
    ['{{ if gt $value 2.0 }}many{{ else }}few{{ end }}', 3, 'many'],
    ['a {{- /* why */ -}} b', 1, 'ab'],
    ['{{ "a }} b" }}', 1, 'a }} b'],
  ])('renders %s of %d', (text, value, expected) => {
    expect(render(text, value, { disk: 'sda' })).toBe(expected)
  })

  it.each([
    ['{{ $value', /expected "}}"/],
    ['{{ }}', /expected an expression/],
    ['{{ if $value }}x', /expected \{\{ end \}\} for \{\{ if \}\}/],
    ['{{ if $value }}x{{ else }}y', /after its \{\{ else \}\}/],
    ['x{{ end }}', /nothing is open/],
    ['{{ break }}', /inside a range/],
    ['{{ $nothing }}', /no variable \$nothing; expected one of \$/],
    ['{{ explode }}', /got "explode", which is none/],
    ['{{ (humanize $value }}', /expected "\)"/],
    ['{{ $value 1 }}', /expected a function before arguments; \$value is none/],
    ['{{ 1 | 2 }}', /expected a function after "\|"/],
    ['{{ $a, $b := $value }}', /expected one variable/],
    ['{{ "\\y" }}', /no escape/],
    ['{{ define "x" }}{{ end }}', /cannot define templates/],
    [`${'{{ if 1 }}'.repeat(60)}`, /nested/],
    ['{{ # }}', /unexpected "#/],
    ['x'.repeat(20_001), /at most 20000 characters/],
  ])('refuses %.40s', (text, problem) => {
    const compiled = compileTemplate(text)
    expect(compiled.ok ? '' : compiled.problem).toMatch(problem)
  })

  it('does not look up what every object has', () => {
    expect(render('{{ $labels.constructor }}{{ $labels.__proto__ }}{{ index $labels "toString" }}', 1)).toBe('')
    expect(rendered('{{ .constructor }}', { value: 1, labels: {} })).toMatchObject({ type: 'failed' })
  })

  it('never runs what labels say', () => {
    expect(render('{{ $labels.x }}', 1, { x: '{{ $value }}' })).toBe('{{ $value }}')
  })

  it('says which answer it lacks, and goes on with it', () => {
    const text = '{{ range query (printf "load{room=%q}" $labels.room) }}{{ .Labels.cpu }}={{ .Value }} {{ end }}'
    const input = { value: 1, labels: { room: 'attic' } }
    expect(rendered(text, input)).toEqual({ type: 'lacks', expression: 'load{room="attic"}' })
    const found = [
      { labels: { cpu: '0' }, value: 3 },
      { labels: { cpu: '1' }, value: 4.5 },
    ]
    const answers = new Map([['load{room="attic"}', found]])
    expect(rendered(text, { ...input, answers })).toEqual({ type: 'text', text: '0=3 1=4.5 ' })
    const failed = new Map([['load{room="attic"}', { problem: 'too much' }]])
    expect(rendered(text, { ...input, answers: failed })).toMatchObject({
      type: 'failed',
      problem: expect.stringContaining('too much'),
    })
  })

  it('ends, whatever it ranges over', () => {
    const samples = Array.from({ length: 1_000_000 }, (_, index) => ({ labels: {}, value: index }))
    const input = { value: 1, labels: {}, answers: new Map([['up', samples]]) }
    const startedMs = performance.now()
    expect(rendered('{{ range query "up" }}{{ end }}', input)).toMatchObject({
      type: 'failed',
      problem: expect.stringContaining('steps'),
    })
    expect(rendered('{{ range query "up" }}{{ . }}{{ end }}', input)).toMatchObject({ type: 'failed' })
    const doubling = '{{ $x := "ab" }}{{ range query "up" }}{{ $x = print $x $x }}{{ end }}'
    expect(rendered(doubling, input)).toMatchObject({
      type: 'failed',
      problem: expect.stringContaining('longer than 65536'),
    })
    expect(performance.now() - startedMs).toBeLessThan(1000)
  })
})
