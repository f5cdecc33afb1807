/**
 * A panel as it stands on the screen, as a PNG: heading, legend and picture, on the panel's own ground. The elements are
 * copied with the look they have into an SVG, whose canvases are replaced by pictures of themselves.
 */
import { formatInstant } from '../../format/instant.ts'
import { saveBlob } from '../../ui/save-file.ts'

interface PictureOptions {
  readonly title: string
  readonly fileName: string
  readonly zone: string
  readonly range: { readonly from: number; readonly to: number }
}

/** Sharp on screens of twice the density, and in print. */
const scale = 2
const footHeight = 22
const footPadding = 12

/** Rejects with the reason where the browser cannot draw it. */
export async function savePanelPicture(root: HTMLElement, { fileName, zone, range }: PictureOptions): Promise<void> {
  const { width, height } = root.getBoundingClientRect()
  const picture = await pictureOf(root, width, height)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round((height + footHeight) * scale)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser gave no canvas to draw on. Try again with fewer charts open.')
  const style = getComputedStyle(root)
  context.scale(scale, scale)
  context.fillStyle = style.backgroundColor
  context.fillRect(0, 0, width, height + footHeight)
  context.drawImage(picture, 0, 0, width, height)
  context.fillStyle = style.getPropertyValue('--muted')
  context.font = `11px ${style.getPropertyValue('--font')}`
  context.textBaseline = 'middle'
  const words = `${formatInstant(range.from, zone)} – ${formatInstant(range.to, zone)} ${zone}`
  context.fillText(words, footPadding, height + footHeight / 2, width - 2 * footPadding)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('The picture is too large for this browser. Make the panel smaller.')
  saveBlob(fileName, blob)
}

async function pictureOf(root: HTMLElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = lookingAlike(root)
  if (copy instanceof HTMLElement) {
    copy.style.position = 'static'
    copy.style.width = `${width}px`
    copy.style.height = `${height}px`
    copy.style.margin = '0'
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/1999/xhtml')
  const inner = new XMLSerializer().serializeToString(copy)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}"><foreignObject width="${width}" height="${height}">${inner}</foreignObject></svg>`
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  return image
}

/** A copy with every style as it is computed; buttons and what is hidden are left out. */
function lookingAlike(element: Element): Element {
  if (element instanceof HTMLCanvasElement) return drawn(element)
  const copy = element.cloneNode(false)
  // A copy of an element is an element.
  const own = copy as HTMLElement | SVGElement
  const style = getComputedStyle(element)
  for (const property of style) own.style.setProperty(property, style.getPropertyValue(property))
  own.removeAttribute('class')
  for (const child of element.childNodes) {
    if (child instanceof Element) {
      if (!child.matches('button') && getComputedStyle(child).display !== 'none') own.append(lookingAlike(child))
    } else if (child instanceof Text) {
      own.append(child.cloneNode())
    }
  }
  return own
}

function drawn(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = document.createElement('img')
  const style = getComputedStyle(canvas)
  for (const property of ['position', 'top', 'left', 'width', 'height', 'display', 'inset']) {
    image.style.setProperty(property, style.getPropertyValue(property))
  }
  image.src = canvas.toDataURL('image/png')
  return image
}
