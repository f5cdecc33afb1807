import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

/** Walls are the same page at /wall/<name>, and electron-vite would make the addresses of its files relative. */
const fromTheRoot = { name: 'from-the-root', enforce: 'post' as const, config: () => ({ base: '/' }) }

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          'token-cli': at('src/main/token-cli.ts'),
          'config-cli': at('src/main/config-cli.ts'),
          'care-cli': at('src/main/care-cli.ts'),
          'storage-worker': at('src/main/store/storage-worker.ts'),
          'read-worker': at('src/main/store/read-worker.ts'),
          'backup-worker': at('src/main/store/backup-worker.ts'),
          'config-worker': at('src/main/config/config-worker.ts'),
          'browser-worker': at('src/main/checks/browser-probe/browser-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        // A sandboxed preload is loaded as CommonJS, whatever the package's type says.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react(), fromTheRoot],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      // The page's policy allows fonts from its own origin only, not from data: addresses.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1500,
      rolldownOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
})
