// `npm test`. Like server/bootstrap/start.mjs, this file keeps to the syntax of Node 12.
import { complaintAboutNode } from '../../server/bootstrap/node-version.mjs'

var complaint = complaintAboutNode(process.versions.node)

if (complaint) {
  console.error('shoal: ' + complaint)
  console.log('0 passed, 1 failed, 0 skipped')
  process.exitCode = 1
} else {
  import('./run-stages.mjs').then(function (stages) {
    return stages.runAllStages()
  })
}
