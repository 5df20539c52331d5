'use client'

import { CONTENDERS } from '@/lib/lab/experiment'
import type { Contender } from '@/lib/lab/experiment'
import { CONTENDER_TITLES } from '@/lib/lab/titles'

import { CANNOT_MEASURE, CONTENDER_GROUPS } from './contender-words'
import { ProblemText } from './problem'
import { TickRow } from './tick-row'

/** Which ways to send are compared. */
export function ContenderChoice({
  chosen,
  onChange,
  canMeasure,
  problem,
}: {
  chosen: readonly Contender[]
  onChange: (chosen: Contender[]) => void
  canMeasure: (contender: Contender) => boolean
  problem: string | undefined
}) {
  const toggle = (contender: Contender, isOn: boolean) =>
    // In the order of the catalogue, whatever was ticked first: the first one is what the others are compared with.
    onChange(CONTENDERS.filter((each) => (each === contender ? isOn : chosen.includes(each))))
  return (
    <section aria-labelledby="setup-contenders" className="card p-5 sm:p-6">
      <h2 id="setup-contenders" className="text-xl font-semibold tracking-tight">
        Ways to send
      </h2>
      <ProblemText id="setup-contenders-problem" text={problem} />
      <div className="mt-3 space-y-5">
        {CONTENDER_GROUPS.map(({ title, members }) => (
          <fieldset key={title} className="min-w-0">
            <legend className="text-sm font-semibold text-muted">{title}</legend>
            {members.map(({ contender, text }) => {
              const measurable = canMeasure(contender)
              const isChosen = chosen.includes(contender)
              return (
                <TickRow
                  key={contender}
                  title={CONTENDER_TITLES[contender]}
                  text={measurable ? text : <Reason contender={contender} text={text} isChosen={isChosen} />}
                  checked={isChosen}
                  // A link may have chosen it: then it can be taken out.
                  disabled={!measurable && !isChosen}
                  onChange={(isOn) => toggle(contender, isOn)}
                />
              )
            })}
          </fieldset>
        ))}
      </div>
    </section>
  )
}

function Reason({ contender, text, isChosen }: { contender: Contender; text: string; isChosen: boolean }) {
  return (
    <>
      {text} {CANNOT_MEASURE[contender] ?? 'This page cannot measure it.'}{' '}
      <code className="font-mono whitespace-nowrap">npm run bench:link</code> measures it over a link of the
      kernel.
      {isChosen && ' It is left out here.'}
    </>
  )
}
