/**
 * `npm run lab -- --experiment FILE --out DIR --sim`: makes an experiment on the simulator, without a page. Ends with 0
 * only if every run was made. Ended before, it goes on where it was.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { runHeadless } from './headless'

const USAGE = 'usage: npm run lab -- --experiment FILE --out DIR --sim\n'

const { values } = parseArgs({
  options: {
    experiment: { type: 'string' },
    out: { type: 'string' },
    sim: { type: 'boolean', default: false },
  },
})
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

if (values.experiment === undefined || values.out === undefined || !values.sim) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else {
  try {
    const missing = await runHeadless(stop.signal, {
      experimentFile: values.experiment,
      outFolder: values.out,
      shoal: versionOf(new URL('../../../package.json', import.meta.url)),
      say: (line) => process.stdout.write(`${line}\n`),
    })
    process.exitCode = missing === 0 ? 0 : 1
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

function versionOf(packageFile: URL): string {
  const found: unknown = JSON.parse(readFileSync(packageFile, 'utf8'))
  const version = typeof found === 'object' && found !== null && 'version' in found ? found.version : null
  return typeof version === 'string' ? version : 'unknown'
}
