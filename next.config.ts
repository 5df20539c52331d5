import { networkInterfaces } from 'node:os'

import type { NextConfig } from 'next'

const ownAddresses = Object.values(networkInterfaces())
  .flat()
  .flatMap((entry) => (entry && !entry.internal ? [entry.address] : []))

// Nothing that runs here reports to anybody; Next reads this when it has read its configuration.
process.env.NEXT_TELEMETRY_DISABLED = '1'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm start` must not wait for what `npm run types` has proved already.
  typescript: { ignoreBuildErrors: true },
  // A folder above may hold a lockfile of its own; Turbopack would take that folder for the root.
  turbopack: { root: import.meta.dirname },
  // In development a phone opens the page at one of these, and a test at 127.0.0.1.
  allowedDevOrigins: ['127.0.0.1', ...ownAddresses],
  // `next dev` would write an AGENTS.md into the repository.
  agentRules: false,
}

export default config
