import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { href, type Query, type RouteName, type RouteParams } from './routes.ts'

type LinkProps<R extends RouteName> = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  readonly to: R
  readonly query?: Query
  readonly children: ReactNode
} & (keyof RouteParams<R> extends never ? { readonly params?: undefined } : { readonly params: RouteParams<R> })

/** A link to a place of the console; an ordinary anchor, so that it can be opened in a new window. */
export function Link<R extends RouteName>({ to, params, query, children, ...rest }: LinkProps<R>) {
  // The props' type has already tied the parameters to the route.
  const address = href(to as 'check', (params ?? {}) as RouteParams<'check'>, query)
  return (
    <a {...rest} href={address}>
      {children}
    </a>
  )
}
