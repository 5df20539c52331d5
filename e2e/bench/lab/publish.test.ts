import { expect, test } from 'vitest'

import { EXPERIMENT, makeResults } from '@/lib/lab/charts/fixtures'
import { linksOf } from '@/lib/lab/experiment'

import { publish } from './publish'

test('a document shows every cell of the results, the losing ones too, with charts that are files beside it', () => {
  const results = makeResults({ ...EXPERIMENT, networks: EXPERIMENT.networks.slice(0, 2) })
  const { markdown, charts } = publish(results, { ...results, means: 'simulator' })
  const cells = new Set(results.runs.map(({ network, picture }) => `${network.label} ${picture.name}`))
  expect(markdown.match(/^## .+: /gm)).toHaveLength(cells.size)
  expect(results.experiment.networks.flatMap(linksOf).length).toBeGreaterThan(1)
  const shown = [...markdown.matchAll(/\]\(([^)]+\.svg)\)/g)].map(([, name]) => name)
  expect(new Set(shown)).toEqual(new Set(charts.keys()))
  expect(shown.length).toBeGreaterThan(1)
  for (const svg of charts.values()) expect(svg).toMatch(/^<svg/)
  expect(markdown).toContain('## The simulator and the emulator')
  expect(publish(results, null).markdown).not.toContain('The simulator and the emulator')
})
