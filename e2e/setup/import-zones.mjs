/**
 * The one-way imports, as zones of `import-x/no-restricted-paths`. Upper layers know lower ones, never the
 * other way round, and neighbours do not know each other:
 *
 *   app -> lib/react -> lib/room -> lib/transfer -> lib/{image,signalling,peer,chat} -> lib/keys -> lib/protocol
 *   app/lab -> lib/lab -> lib/{sim,transfer} -> lib/protocol          server -> lib/signalling/messages, lib/protocol/errors
 */

/** Folders without DOM, Node, clock or randomness. */
export const PURE_FOLDERS = ['lib/protocol', 'lib/sim']

/** Names a pure file may not use although TypeScript knows them. */
export const FOREIGN_TO_PURE_CODE = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'crypto',
  'fetch',
  'process',
  'Buffer',
  'window',
  'self',
  'globalThis',
  'document',
  'navigator',
]

/** What each folder of lib may import from lib; a folder that is missing here may import nothing. */
const MAY_IMPORT = {
  protocol: [],
  sim: ['protocol'],
  image: ['protocol'],
  signalling: ['protocol'],
  keys: ['protocol'],
  chat: ['protocol', 'keys'],
  peer: ['protocol', 'keys'],
  transfer: ['protocol', 'keys', 'image', 'signalling', 'peer'],
  lab: ['protocol', 'sim', 'keys', 'image', 'signalling', 'peer', 'transfer'],
  room: ['protocol', 'keys', 'image', 'signalling', 'peer', 'transfer', 'chat'],
  react: ['protocol', 'keys', 'image', 'signalling', 'peer', 'transfer', 'chat', 'room'],
}

/** A logger may be used by every layer but the pure ones. */
const LOGGER = './log.ts'

/** @type {{ target: string | string[], from: string | string[], except?: string[], message: string }[]} */
export const IMPORT_ZONES = [
  ...Object.entries(MAY_IMPORT).map(([folder, below]) => ({
    target: `./lib/${folder}`,
    from: './lib',
    except: [
      `./${folder}`,
      ...below.map((name) => `./${name}`),
      ...(PURE_FOLDERS.includes(`lib/${folder}`) ? [] : [LOGGER]),
    ],
    message: `lib/${folder} may import from ${below.map((name) => `lib/${name}`).join(', ') || 'nothing but itself'}.`,
  })),
  {
    target: './lib',
    from: ['./app', './server', './e2e'],
    message: 'lib is below the pages, the server and the tests; it knows none of them.',
  },
  {
    target: './app',
    from: ['./server', './e2e'],
    message: 'Pages know neither the server nor the tests.',
  },
  {
    target: ['./app/*.{ts,tsx}', './app/!(lab)/**'],
    from: './lib/sim',
    message: 'Only app/lab shows the simulator.',
  },
  {
    target: './server',
    from: ['./app', './e2e'],
    message: 'The server knows neither the pages nor the tests.',
  },
  {
    target: './server',
    from: './lib',
    except: ['./signalling/messages.ts', './protocol/errors.ts'],
    message:
      'The server shares lib/signalling/messages and lib/protocol/errors with the pages, nothing else.',
  },
  {
    target: './e2e',
    from: './app',
    message: 'End-to-end tests see the pages as people do: in a browser.',
  },
]
