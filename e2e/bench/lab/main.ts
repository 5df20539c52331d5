/**
 * `npm run lab -- --experiment FILE --out DIR [--sim]`: makes an experiment without a person, over the emulator in a
 * Chromium, or on the simulator. Ends with 0 only if every run was made. Ended before, it goes on where it was.
 * `--publish DIR`: writes results.md and the charts that it shows from DIR's results.json, and simulated.json if there.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { openEmulated } from './emulated'
import { runHeadless } from './headless'
import { publishFolder } from './publish'
import { SIMULATED } from './simulated'

const USAGE =
  'usage: npm run lab -- --experiment FILE --out DIR [--sim]\n       npm run lab -- --publish DIR\n'

const { values } = parseArgs({
  options: {
    experiment: { type: 'string' },
    out: { type: 'string' },
    sim: { type: 'boolean', default: false },
    publish: { type: 'string' },
  },
})
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

if (values.publish !== undefined) {
  publishFolder(values.publish)
} else if (values.experiment === undefined || values.out === undefined) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else {
  const { experiment: experimentFile, out: outFolder, sim } = values
  let emulated: Awaited<ReturnType<typeof openEmulated>> | null = null
  try {
    emulated = sim ? null : await openEmulated(experimentFile)
    const missing = await runHeadless(stop.signal, {
      ...{ experimentFile, outFolder, bench: emulated ?? SIMULATED },
      shoal: versionOf(new URL('../../../package.json', import.meta.url)),
      say: (line) => process.stdout.write(`${line}\n`),
    })
    process.exitCode = missing === 0 ? 0 : 1
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  } finally {
    await emulated?.close()
  }
}

function versionOf(packageFile: URL): string {
  const found: unknown = JSON.parse(readFileSync(packageFile, 'utf8'))
  const version = typeof found === 'object' && found !== null && 'version' in found ? found.version : null
  return typeof version === 'string' ? version : 'unknown'
}
