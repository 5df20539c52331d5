// Vite (under Vitest) needs 20.19; nothing here runs on less.
var NEEDED_MAJOR = 20
var NEEDED_MINOR = 19

/**
 * One line for a person whose Node is too old, or null.
 * @param {string} version for instance '20.19.0'
 * @returns {string | null}
 */
export function complaintAboutNode(version) {
  var parts = version.split('.').map(Number)
  var major = parts[0] || 0
  var minor = parts[1] || 0
  if (major > NEEDED_MAJOR || (major === NEEDED_MAJOR && minor >= NEEDED_MINOR)) return null
  return (
    'Node ' +
    NEEDED_MAJOR +
    '.' +
    NEEDED_MINOR +
    ' or newer is needed, and this is ' +
    version +
    '. ' +
    'Install a current one from https://nodejs.org and run this again.'
  )
}
