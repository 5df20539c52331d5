import type { Metadata } from 'next'

import packageFile from '../../package.json'
import { LabPage } from './_ui/lab-page'

export const metadata: Metadata = { title: 'Lab' }

export default function Page() {
  return <LabPage shoal={packageFile.version} />
}
