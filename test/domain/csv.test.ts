import { expect, it } from 'vitest'
import { csvLine } from '#shared/domain/csv.ts'

it.each([
  [['a', 'b'], 'a,b'],
  [['a,b', 'say "hi"', 'two\r\nlines'], '"a,b","say ""hi""","two\r\nlines"'],
  [['=1+1', '+1', '-1', '@SUM(A1)'], "'=1+1,'+1,'-1,'@SUM(A1)"],
  [['\t=1', '\r=1'], `'\t=1,"'\r=1"`],
  [['=HYPERLINK("http://x","y")'], `"'=HYPERLINK(""http://x"",""y"")"`],
  [['1-1', ''], '1-1,'],
])('writes %j so that no spreadsheet takes a field for a formula', (fields, line) => {
  expect(csvLine(fields)).toBe(line)
})
