'use client'

import { Link2Off } from 'lucide-react'

import { encodeExperiment } from '@/lib/lab/experiment-link'
import type { Experiment } from '@/lib/lab/experiment'
import { problemsOf } from '@/lib/lab/problems'

import { Button } from '../../../_ui/button'
import { CopyButton } from '../../../_ui/copy-button'

/** Copies the link that opens this experiment; pictures are named in it, not contained. */
export function ExperimentLink({ experiment }: { experiment: Experiment }) {
  if (problemsOf(experiment).length > 0) {
    return (
      <Button disabled>
        <Link2Off aria-hidden="true" />
        Copy link
      </Button>
    )
  }
  return <CopyButton text={() => linkTo(experiment)}>Copy link</CopyButton>
}

function linkTo(experiment: Experiment): string {
  const url = new URL(location.pathname, location.origin)
  url.hash = encodeExperiment(experiment)
  return url.href
}
