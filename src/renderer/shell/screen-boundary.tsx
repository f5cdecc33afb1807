import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/placeholder.tsx'

interface BoundaryState {
  readonly error: unknown
}

/** A screen that breaks takes nothing else with it: it says so and can be opened again. The cause is in the console. */
export class ScreenBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null }

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <EmptyState
        title="This screen failed"
        action={<Button onPress={() => this.setState({ error: null })}>Open it again</Button>}
      >
        {error instanceof Error ? error.message : String(error)}
      </EmptyState>
    )
  }
}
