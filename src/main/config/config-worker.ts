/** The thread that reads and edits belfry.yaml when screens change it: what is slow about it is kept off the main loop. */
import { checkKinds } from '#main/checks/kinds/index.ts'
import { runWorker } from '#main/store/worker-thread.ts'
import { createConfigEditor, type TextToEdit, type TextToRead } from './config-editor.ts'

function configMethods() {
  const editor = createConfigEditor(checkKinds)
  return {
    'config.read': (input: TextToRead) => editor.read(input),
    'config.edit': (input: TextToEdit) => editor.edit(input),
  }
}

export type ConfigMethods = ReturnType<typeof configMethods>

await runWorker(async () => ({ methods: configMethods(), started: null }))
