/**
 * /sys/class/hwmon: temperatures, named as node_exporter names chips: by the device's place in the tree, which does not
 * depend on the order in which drivers were loaded. Reading a sensor may ask a slow bus, so it is never done on the
 * main loop.
 */
import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemErrorText } from '#main/files/system-error.ts'
import type { Collected, CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'

export async function readTemperatures(directory: string): Promise<Collected> {
  const samples: CollectedSample[] = []
  const problems: string[] = []
  for (const entry of (await readdir(directory)).sort()) {
    const chipDirectory = join(directory, entry)
    const chip = await chipName(chipDirectory)
    const name = await textOf(join(chipDirectory, 'name'))
    const before = samples.length
    // Old drivers put their sensors beside the device instead.
    for (const place of [chipDirectory, join(chipDirectory, 'device')]) {
      await readSensors(place, chip, samples, problems)
    }
    if (samples.length > before && name !== null) {
      samples.push({ name: 'node_hwmon_chip_names', labels: { chip, chip_name: cleaned(name) }, value: 1, decimals: 0 })
    }
  }
  return { samples, problems }
}

async function readSensors(place: string, chip: string, samples: CollectedSample[], problems: string[]): Promise<void> {
  const files = await readdir(place).catch(() => [])
  for (const file of files.sort()) {
    const sensor = /^(temp\d+)_input$/.exec(file)?.[1]
    if (sensor === undefined) continue
    try {
      const value = kernelNumber((await readFile(join(place, file), 'utf8')).trim())
      if (value === null) continue
      samples.push({ name: 'node_hwmon_temp_celsius', labels: { chip, sensor }, value: value / 1000, decimals: 3 })
    } catch (error) {
      problems.push(`sensor ${sensor} of ${chip}: ${systemErrorText(error)}`)
      continue
    }
    const label = await textOf(join(place, `${sensor}_label`))
    if (label === null) continue
    const labels = { chip, label: label.replace(/[\p{Cc}]/gu, ' '), sensor }
    samples.push({ name: 'node_hwmon_sensor_label', labels, value: 1, decimals: 0 })
  }
}

async function chipName(directory: string): Promise<string> {
  const device = await realpath(join(directory, 'device')).catch(() => null)
  if (device !== null) {
    const parts = [cleaned(basename(dirname(device))), cleaned(basename(device))].filter((part) => part !== '')
    if (parts.length > 0 && parts.at(-1) !== '') return parts.join('_')
  }
  const name = cleaned((await textOf(join(directory, 'name'))) ?? '')
  return name === '' ? cleaned(basename(directory)) : name
}

function cleaned(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9:_]/g, '_')
    .replace(/^_+|_+$/g, '')
}

/** Null where there is no such file: sensors differ in what they tell. */
async function textOf(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
}
