/** One line of a CSV file (RFC 4180) that a spreadsheet takes as text, whatever a target or a stranger put into it. */

/** Without its line break. A field that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => quoted(formulaStart.test(field) ? `'${field}` : field)).join(',')
}

/** Source: OWASP, CSV injection. */
const formulaStart = /^[=+\-@\t\r]/

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
