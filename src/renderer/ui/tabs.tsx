import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'
import { Badge } from './badge.tsx'
import { cx } from './class-names.ts'
import css from './tabs.module.css'

export interface TabItem<Id extends string> {
  readonly id: Id
  readonly label: string
  /** Shown beside the label when above zero. */
  readonly count?: number
  readonly content: ReactNode
}

interface TabsProps<Id extends string> {
  readonly label: string
  readonly items: readonly TabItem<Id>[]
  readonly selected: Id
  readonly onSelect: (id: Id) => void
}

/** Only the selected tab's content is mounted. */
export function Tabs<Id extends string>({ label, items, selected, onSelect }: TabsProps<Id>) {
  return (
    <AriaTabs
      className={cx(css['tabs'])}
      selectedKey={selected}
      onSelectionChange={(key) => {
        const item = items.find(({ id }) => id === key)
        if (item && item.id !== selected) onSelect(item.id)
      }}
    >
      <TabList aria-label={label} className={cx(css['list'])}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={cx(css['tab'])}>
            {item.label}
            {item.count !== undefined && item.count > 0 && <Badge>{item.count}</Badge>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={cx(css['panel'])}>
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
