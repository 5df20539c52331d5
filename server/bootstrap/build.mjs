// `npm run build`: builds the pages whatever the state of the last build, and records what they were made of.
import { join } from 'node:path'

import { runToEnd } from './child.mjs'
import { fingerprintOfSources, recordBuild } from './pages.mjs'

const root = join(import.meta.dirname, '../..')
const fingerprint = fingerprintOfSources(root)

const { code, signal } = await runToEnd(
  process.execPath,
  [join(root, 'node_modules/next/dist/bin/next'), 'build'],
  { cwd: root, show: true, env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } },
)
if (signal) process.kill(process.pid, signal)
if (code === 0) recordBuild(root, fingerprint)
process.exitCode = code
