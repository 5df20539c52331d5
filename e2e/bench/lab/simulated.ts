import { makeRuns } from '@/lib/lab/runner'
import { simulateRun } from '@/lib/lab/sim-contenders'

import { raptorqCode } from '../../sim/raptorq-code'
import type { HeadlessBench } from './headless'

/** Shoal's own contenders on the simulator. */
export const SIMULATED: HeadlessBench = {
  means: 'simulator',
  browser: `Node ${process.version}`,
  async make(signal, experiment, made, onRun) {
    const code = raptorqCode()
    const { missing } = await makeRuns(signal, {
      experiment,
      made: made.runs,
      run: (plan) => nextTurn().then(() => simulateRun(plan, experiment, code)),
      onRun,
    })
    return missing
  },
}

/** Lets a signal to stop come through. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
