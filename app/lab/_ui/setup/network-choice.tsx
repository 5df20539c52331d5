'use client'

import { Grid3x3, Plus, SlidersHorizontal } from 'lucide-react'
import { useRef } from 'react'

import { VALUES_MAX } from '@/lib/lab/experiment'
import type { Network } from '@/lib/lab/experiment'
import { PARAMETERS } from '@/lib/lab/parameters'
import { NETWORK_PRESETS } from '@/lib/lab/presets'
import { problemAt } from '@/lib/lab/problems'
import type { Problem } from '@/lib/lab/problems'
import { sweepValues } from '@/lib/lab/sweep'

import { Button } from '../../../_ui/button'
import { OwnNetwork } from './own-network'
import type { OwnNetworkValue } from './own-network'
import { PresetChoice } from './preset-choice'
import { ProblemText } from './problem'

/** Which networks the pictures cross: some by name, and any by their numbers. */
export function NetworkChoice({
  networks,
  onChange,
  problems,
}: {
  networks: readonly Network[]
  onChange: (networks: Network[]) => void
  problems: readonly Problem[]
}) {
  const ownList = useRef<HTMLUListElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  const isFull = networks.length >= VALUES_MAX
  const others = networks.filter((network) => network.type !== 'preset')
  const add = (network: OwnNetworkValue) => {
    onChange([...networks, network])
    // Once it is there: what was just asked for is what one fills in next.
    requestAnimationFrame(() => {
      const last = ownList.current?.lastElementChild
      last?.querySelector<HTMLElement>('input, select')?.focus()
    })
  }
  return (
    <section aria-labelledby="setup-networks" className="card p-5 sm:p-6">
      <h2 id="setup-networks" className="text-xl font-semibold tracking-tight">
        Networks
      </h2>
      <ProblemText id="setup-networks-problem" text={problemAt(problems, 'networks')} />
      <div className="mt-3 space-y-5">
        <PresetChoice
          chosen={networks.flatMap((network) => (network.type === 'preset' ? [network.name] : []))}
          onChange={(names) =>
            onChange([...names.map((name): Network => ({ type: 'preset', name })), ...others])
          }
        />
        <div>
          <h3 className="text-sm font-semibold text-muted">By their numbers</h3>
          {others.length > 0 && (
            <ul ref={ownList} className="mt-3 space-y-4">
              {networks.map((network, at) => {
                if (network.type === 'preset') return null
                return (
                  <li key={at}>
                    <OwnNetwork
                      network={network}
                      onChange={(next) => onChange(networks.map((each, i) => (i === at ? next : each)))}
                      onRemove={() => {
                        onChange(networks.filter((_, i) => i !== at))
                        // The button that was pressed goes with it.
                        addButton.current?.focus()
                      }}
                      problems={problems}
                      path={`networks.${at}`}
                    />
                  </li>
                )
              })}
            </ul>
          )}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button ref={addButton} disabled={isFull} onClick={() => add(newSettings(networks))}>
              <Plus aria-hidden="true" />
              Network
            </Button>
            <Button disabled={isFull} onClick={() => add(newSweep())}>
              <SlidersHorizontal aria-hidden="true" />
              Sweep
            </Button>
            <Button disabled={isFull} onClick={() => add(newMatrix())}>
              <Grid3x3 aria-hidden="true" />
              Matrix
            </Button>
          </div>
          <p className="mt-2 text-sm text-muted">
            A sweep changes one number of a network step by step, a matrix two.
          </p>
        </div>
      </div>
    </section>
  )
}

function newSettings(networks: readonly Network[]): OwnNetworkValue {
  const labels = networks.flatMap((network) => (network.type === 'settings' ? [network.label] : []))
  let nth = 1
  while (labels.includes(`own ${nth}`)) nth++
  return { type: 'settings', label: `own ${nth}`, settings: { ...NETWORK_PRESETS['one-in-five'].settings } }
}

function newSweep(): OwnNetworkValue {
  return { type: 'sweep', base: 'one-in-five', over: axisOver('lossPercent') }
}

function newMatrix(): OwnNetworkValue {
  return { type: 'matrix', base: 'one-in-five', over: axisOver('lossPercent'), and: axisOver('oneWayMs') }
}

function axisOver(parameter: 'lossPercent' | 'oneWayMs') {
  return { parameter, values: sweepValues(PARAMETERS[parameter].sweep) }
}
