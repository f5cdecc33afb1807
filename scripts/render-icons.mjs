/**
 * `node scripts/render-icons.mjs`: draws the PNG files in resources/icons from the SVG files beside them. To be run when
 * one of these was changed; the PNG files are committed, for Electron takes no SVG.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { chromium } from '@playwright/test'
import { findChromium } from './find-chromium.mjs'

const iconDir = join(import.meta.dirname, '..', 'resources', 'icons')
/** Tray images at one and two device pixels; the application's own as large as installers ask for. */
const sizesOf = (name) =>
  name === 'belfry'
    ? [['', 512]]
    : [
        ['', 16],
        ['@2x', 32],
      ]

const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage()
for (const file of readdirSync(iconDir).filter((name) => name.endsWith('.svg'))) {
  const name = basename(file, '.svg')
  const source = Buffer.from(readFileSync(join(iconDir, file))).toString('base64')
  for (const [suffix, size] of sizesOf(name)) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(
      `<style>body{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="data:image/svg+xml;base64,${source}">`,
    )
    await page.screenshot({ path: join(iconDir, `${name}${suffix}.png`), omitBackground: true })
  }
}
await browser.close()
