import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { whenParentIsGone } from './parent-watch'

describe('the process that started the server', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is called gone once, when another one has taken its place', () => {
    let parent = 100
    const onGone = vi.fn()
    whenParentIsGone(onGone, () => parent)
    vi.advanceTimersByTime(10_000)
    expect(onGone).not.toHaveBeenCalled()
    parent = 1
    vi.advanceTimersByTime(10_000)
    expect(onGone).toHaveBeenCalledOnce()
  })
})

describe.skipIf(process.platform === 'win32')('a process whose parent is killed', () => {
  it('gets another parent, which is what tells', async () => {
    const child = `
      const first = process.ppid
      console.log(process.ppid)
      setInterval(() => { if (process.ppid !== first) { console.log('gone'); process.exit() } }, 20)
      setTimeout(() => process.exit(), 10_000)`
    const shell = spawn('sh', ['-c', '"$0" -e "$1" & wait', process.execPath, child])
    const printed: string[] = []
    shell.stdout.on('data', (chunk: Buffer) => {
      printed.push(...chunk.toString().trim().split('\n'))
      if (printed[0] === String(shell.pid) && !shell.killed) shell.kill('SIGTERM')
    })
    await once(shell.stdout, 'close')
    expect(printed).toEqual([String(shell.pid), 'gone'])
  })
})
