/** Hands the page a pipe for frames and nothing else. It knows no call, so it never changes when one is added. */
import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, bridgeChannels } from '#shared/contract/bridge.ts'

const bridge: Bridge = {
  send: (frame) => ipcRenderer.send(bridgeChannels.toMain, JSON.stringify(frame)),
  onFrame(listener) {
    const receive = (_event: unknown, text: string) => listener(JSON.parse(text))
    ipcRenderer.on(bridgeChannels.toRenderer, receive)
    return () => void ipcRenderer.off(bridgeChannels.toRenderer, receive)
  },
}

contextBridge.exposeInMainWorld('belfryBridge', bridge)
