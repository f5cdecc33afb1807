/**
 * What an installer holds and what the Electron binary in it may do. `npm run package` builds for this system;
 * `npm run package -- --linux deb` for one target. Nothing is published, and Belfry never looks for updates by itself:
 * whoever installs it decides when it changes.
 */
import type { Configuration } from 'electron-builder'

/** Screens are bundled into out/renderer, so what only they use stays out of the archive. */
const bundledPackages = [
  '@fontsource-variable/*',
  '@internationalized/*',
  '@swc/*',
  '@tanstack/*',
  'chart.js',
  'lucide-react',
  'react',
  'react-dom',
  'react-aria',
  'react-aria-components',
  'react-stately',
  'zustand',
]

const config: Configuration = {
  appId: 'org.belfry.Belfry',
  productName: 'Belfry',
  copyright: 'Belfry contributors, MIT licence',
  directories: { output: 'dist', buildResources: 'resources' },
  // The main side's dependencies follow from package.json.
  files: [
    'out/**',
    'resources/**',
    'package.json',
    ...bundledPackages.map((name) => `!node_modules/${name}/**`),
    '!**/*.{map,md,ts,cts,mts,tsbuildinfo}',
    '!node_modules/better-sqlite3/{deps,src}/**',
  ],
  asar: true,
  // A native module is mapped into memory by the system, and a helper program is started by it: neither knows archives.
  asarUnpack: [
    'node_modules/better-sqlite3/prebuilds/**',
    'node_modules/node-notifier/vendor/**',
    'resources/icons/**',
  ],
  // better-sqlite3 carries one Node-API binary for Node and Electron: there is nothing to compile.
  npmRebuild: false,
  publish: null,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  protocols: [{ name: 'Belfry', schemes: ['belfry'] }],
  icon: 'resources/icons/belfry.png',
  linux: {
    target: ['AppImage', 'deb'],
    category: 'System;Monitor',
    executableName: 'belfry',
    synopsis: 'A desktop monitoring console',
    maintainer: 'Belfry contributors',
    desktop: { entry: { StartupWMClass: 'Belfry', Keywords: 'monitoring;alerts;uptime;metrics' } },
  },
  deb: { depends: ['libnotify4', 'libnss3', 'libsecret-1-0', 'xdg-utils'], packageCategory: 'utils' },
  mac: {
    target: ['dmg'],
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    // The tray keeps Belfry alive without a window.
    extendInfo: { NSUserNotificationAlertStyle: 'alert' },
  },
  win: { target: ['nsis'] },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
}

export default config
