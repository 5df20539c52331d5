import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { Complaint, Interrupted } from './complaint.mjs'
import { installWhenNeeded } from './packages.mjs'
import { buildWhenNeeded } from './pages.mjs'
import { checkPort } from './port.mjs'

/**
 * Makes a fresh clone ready and becomes the server, in this process: a signal reaches it without detours.
 * @param {string[]} args `--dev`: pages are built as they are asked for, and reload
 */
export async function start(args) {
  const root = join(import.meta.dirname, '../..')
  const dev = args.includes('--dev')
  process.chdir(root)
  try {
    await checkPort(process.env)
    await installWhenNeeded(root)
    if (!dev) await buildWhenNeeded(root)
  } catch (error) {
    if (error instanceof Interrupted) {
      process.kill(process.pid, error.signal)
      return
    }
    if (!(error instanceof Complaint)) throw error
    console.error(`shoal: ${error.message}`)
    process.exitCode = 1
    return
  }
  Object.assign(process.env, {
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  })
  await becomeServer(join(root, 'server/main.ts'))
}

/** @param {string} main */
async function becomeServer(main) {
  const { register } = await import('tsx/esm/api')
  register()
  process.argv[1] = main
  await import(pathToFileURL(main).href)
}
