import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    environment: 'node',
    // Written as a module, but its package.json does not say so.
    server: { deps: { inline: ['raptorq'] } },
    include: ['{lib,server,e2e/setup,e2e/photos,e2e/sim,e2e/link,e2e/bench}/**/*.test.{ts,tsx}'],
    // A test left with `.only` would silence all others.
    allowOnly: false,
    // A busy machine is slow, and slow is no failure: only a test that hangs is ended.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are what the slowest of our machines has.
    maxWorkers: 2,
  },
})
