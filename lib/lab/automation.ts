/** Dispatched on the window after each run of the lab's page, with the RunResult as its `detail`. */
export const LAB_RUN_EVENT = 'shoal-lab-run'
