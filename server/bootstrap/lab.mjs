// `npm run lab` starts the server with the lab's emulator; with `--experiment FILE` it makes the experiment without a page.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const args = process.argv.slice(2)

if (args.includes('--experiment')) {
  const headless = ['--import', 'tsx', join(ROOT, 'e2e/bench/lab/main.ts'), ...args]
  process.exitCode = spawnSync(process.execPath, headless, { stdio: 'inherit', cwd: ROOT }).status ?? 1
} else {
  process.argv.push('--lab')
  await import('./start.mjs')
}
