// `npm run lab` starts the server with the lab's emulator; with `--experiment FILE` it makes the experiment without a person,
// with `--publish DIR` a document of its results.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { Complaint, Interrupted } from './complaint.mjs'
import { installWhenNeeded } from './packages.mjs'
import { buildWhenNeeded } from './pages.mjs'

const ROOT = join(import.meta.dirname, '../..')
const args = process.argv.slice(2)

if (args.includes('--experiment') || args.includes('--publish')) {
  try {
    await installWhenNeeded(ROOT)
    if (args.includes('--experiment') && !args.includes('--sim')) await buildWhenNeeded(ROOT)
    const headless = ['--import', 'tsx', join(ROOT, 'e2e/bench/lab/main.ts'), ...args]
    process.exitCode = spawnSync(process.execPath, headless, { stdio: 'inherit' }).status ?? 1
  } catch (error) {
    if (!(error instanceof Complaint) && !(error instanceof Interrupted)) throw error
    console.error(`shoal: ${error.message}`)
    process.exitCode = 1
  }
} else {
  process.argv.push('--lab')
  await import('./start.mjs')
}
