// `npm start` and `npm run dev`. This file and node-version.mjs keep to the syntax of Node 12 and import
// nothing, so that an old Node prints a sentence and not a stack trace; everything else is in run.mjs.
import { complaintAboutNode } from './node-version.mjs'

var complaint = complaintAboutNode(process.versions.node)

if (complaint) {
  console.error('shoal: ' + complaint)
  process.exitCode = 1
} else {
  import('./run.mjs').then(function (run) {
    return run.start(process.argv.slice(2))
  })
}
