/** The thread that reads and edits belfry.yaml when screens change it: what is slow about it is kept off the main loop. */
import { runWorker } from '#main/store/worker-thread.ts'
import { createConfigEditor, type TextToEdit, type TextToRead } from './config-editor.ts'
import { configuredKinds } from './configured-kinds.ts'

function configMethods() {
  const editor = createConfigEditor(configuredKinds)
  return {
    'config.read': (input: TextToRead) => editor.read(input),
    'config.edit': (input: TextToEdit) => editor.edit(input),
  }
}

export type ConfigMethods = ReturnType<typeof configMethods>

await runWorker(async () => ({ methods: configMethods(), started: null }))
