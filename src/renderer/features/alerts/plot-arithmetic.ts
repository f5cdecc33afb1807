/** The arithmetic a plotted expression may use. */

export type ArithmeticSign = '+' | '-' | '*' | '/'

export function isSign(op: string): op is ArithmeticSign {
  return op === '+' || op === '-' || op === '*' || op === '/'
}

/** Division by zero gives what it gives in PromQL: an infinity or NaN. */
export function calculate(sign: ArithmeticSign, a: number, b: number): number {
  switch (sign) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
  }
}
