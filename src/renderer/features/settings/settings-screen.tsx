/** What an operator may set, by section or by what is searched for. Each change is saved at once and can be undone. */
import { type ReactNode, useDeferredValue, useRef, useState } from 'react'
import type { Settings } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { ScreenHeader } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { AboutSection, ConsoleSection } from './about-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { AuditSection } from './audit-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { CollectionSection } from './collection-section.tsx'
import { ConfigurationSection } from './configuration-section.tsx'
import { NotificationsSection } from './notifications-section.tsx'
import { SecretsSection } from './secrets-section.tsx'
import { SecuritySection } from './security-section.tsx'
import { matches, SearchWords } from './setting-row.tsx'
import css from './settings.module.css'
import { StorageSection } from './storage-section.tsx'

interface SectionProps {
  readonly settings: Settings
  readonly isDisabled: boolean
}

interface SettingsSection {
  readonly id: string
  readonly title: string
  /** Every word that anything in it is found by. */
  readonly keywords: string
  readonly draw: (props: SectionProps) => ReactNode
}

const sections: readonly SettingsSection[] = [
  {
    id: 'appearance',
    title: 'Appearance and time',
    keywords:
      'theme dark light colour appearance density compact comfortable rows time zone utc local clock iana units bytes bits',
    draw: (props) => <AppearanceSection {...props} />,
  },
  {
    id: 'notifications',
    title: 'Notifications',
    keywords:
      'desktop notifications notify popup toast tell from least severity when resolved recovery quiet hours night sound chime channels test send',
    draw: (props) => <NotificationsSection {...props} />,
  },
  {
    id: 'configuration',
    title: 'Configuration',
    keywords:
      'configuration files belfry.yaml conf.d problems undo changes diff export secrets password secret: reference',
    draw: () => (
      <>
        <ConfigurationSection />
        <SecretsSection />
      </>
    ),
  },
  {
    id: 'collection',
    title: 'Collection',
    keywords: 'fast medium slow tier collection interval collectors',
    draw: (props) => <CollectionSection {...props} />,
  },
  {
    id: 'storage',
    title: 'Storage',
    keywords:
      'storage bytes disk usage samples keep raw 5 min 1 h summaries retention most active series cardinality budget growth forecast days until full limit',
    draw: (props) => <StorageSection {...props} />,
  },
  {
    id: 'backup',
    title: 'Backup',
    keywords: 'backup restore copy safety schedule daily weekly directory path disk time retention list',
    draw: (props) => <BackupSection {...props} />,
  },
  {
    id: 'console',
    title: 'This console',
    keywords: 'serve in the browser port console http listener web log level logging debug',
    draw: (props) => <ConsoleSection {...props} />,
  },
  {
    id: 'security',
    title: 'Security',
    keywords: 'security api tokens access roles secret',
    draw: () => <SecuritySection />,
  },
  {
    id: 'audit',
    title: 'Audit log',
    keywords: 'audit log who did what chain verify export history security',
    draw: () => <AuditSection />,
  },
  {
    id: 'about',
    title: 'About',
    keywords: 'about version data directory config file health components doctor examine permissions clock',
    draw: () => <AboutSection />,
  },
]

/** `section` null: the first one. */
export function SettingsScreen({ section }: { readonly section: string | null }) {
  const settings = useCall('settings.get', {}, { on: { 'settings.changed': (_, changed) => changed } })
  const isDisabled = !useMay('admin')
  const [text, setText] = useState('')
  const search = useRef<HTMLInputElement>(null)
  const words = useDeferredValue(text).toLowerCase().split(/\s+/).filter(Boolean)
  useKeys('Settings', [{ keys: '/', title: 'Search', run: () => search.current?.focus() }])

  const here = sections.find(({ id }) => id === section) ?? sections[0]
  const shown = words.length === 0 ? [here] : sections.filter(({ keywords }) => matches(keywords, words))
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Settings"
        note={
          <>
            {isDisabled && settings.data && 'Only an admin can change them. '}
            <StaleBadge of={settings} />
          </>
        }
      />
      <div className={cx(css['columns'])}>
        <nav className={cx(css['nav'])} aria-label="Settings">
          <SearchField
            label="Search settings"
            placeholder="Search   /"
            value={text}
            onChange={setText}
            inputRef={search}
          />
          <ul>
            {sections.map(({ id, title }) => (
              <li key={id}>
                <Link
                  to="settingsSection"
                  params={{ section: id }}
                  className={cx(css['navItem'], shown.some((one) => one?.id === id) && css['here'])}
                  onClick={() => setText('')}
                  {...(words.length === 0 && here?.id === id ? { 'aria-current': 'page' as const } : {})}
                >
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className={cx(css['sections'])}>
          <Answer of={settings} what="Settings" loading={<Skeleton lines={8} />}>
            {(data) => (
              <div className={cx(css['sections'])}>
                <SearchWords value={words}>
                  {shown.map(
                    (one) =>
                      one && (
                        <div key={one.id} className={cx(css['sections'])}>
                          {one.draw({ settings: data, isDisabled })}
                        </div>
                      ),
                  )}
                </SearchWords>
                {shown.length === 0 && (
                  <EmptyState title="No setting matches">Try another word, such as "retention" or "zone".</EmptyState>
                )}
              </div>
            )}
          </Answer>
        </div>
      </div>
    </div>
  )
}
