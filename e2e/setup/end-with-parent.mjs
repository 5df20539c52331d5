// Loaded into a server that a test starts: it ends when the test's process does, however that came about.
// The other end of the standard input is the only thing that never outlives it.
process.stdin.resume()
process.stdin.on('close', () => process.exit(1))
if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref()
