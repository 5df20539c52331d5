'use client'

import { Trash2 } from 'lucide-react'
import { useId } from 'react'

import { LABEL_MAX_CHARS, linksOf } from '@/lib/lab/experiment'
import type { Network } from '@/lib/lab/experiment'
import { problemAt } from '@/lib/lab/problems'
import type { Problem } from '@/lib/lab/problems'

import { Button } from '../../../_ui/button'
import { FIELD, LABEL } from '../../../_ui/field'
import { AxisFields } from './axis-fields'
import { BaseFields } from './base-fields'
import { ProblemText, problemProps } from './problem'
import { SettingsFields } from './settings-fields'

export type OwnNetworkValue = Exclude<Network, { type: 'preset' }>

const TITLES: Readonly<Record<OwnNetworkValue['type'], string>> = {
  settings: 'A network of your own',
  sweep: 'A sweep',
  matrix: 'A matrix',
}

/** A network by its numbers, a sweep, or a matrix. */
export function OwnNetwork({
  network,
  onChange,
  onRemove,
  problems,
  path,
}: {
  network: OwnNetworkValue
  onChange: (network: OwnNetworkValue) => void
  onRemove: () => void
  problems: readonly Problem[]
  path: string
}) {
  const links = linksOf(network).length
  const title = TITLES[network.type]
  return (
    <section aria-label={title} className="space-y-5 rounded-2xl border border-line p-4">
      <div className="flex items-center justify-between gap-3">
        <h4 className="font-semibold">
          {title}
          {network.type !== 'settings' && (
            <span className="font-normal text-muted figures">
              : {links} {links === 1 ? 'network' : 'networks'}
            </span>
          )}
        </h4>
        <Button
          variant="quiet"
          className="-my-1 -mr-2 px-3"
          aria-label={`Remove: ${title}`}
          onClick={onRemove}
        >
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
      <Fields network={network} onChange={onChange} problems={problems} path={path} />
      <ProblemText id={`${path}-problem`} text={problemAt(problems, path)} />
    </section>
  )
}

function Fields({
  network,
  onChange,
  problems,
  path,
}: {
  network: OwnNetworkValue
  onChange: (network: OwnNetworkValue) => void
  problems: readonly Problem[]
  path: string
}) {
  if (network.type === 'settings') {
    return (
      <>
        <NameField
          label={network.label}
          onChange={(label) => onChange({ ...network, label })}
          problem={problemAt(problems, `${path}.label`)}
        />
        <SettingsFields
          settings={network.settings}
          onChange={(settings) => onChange({ ...network, settings })}
          problems={problems}
          path={`${path}.settings`}
        />
      </>
    )
  }
  const isMatrix = network.type === 'matrix'
  return (
    <>
      <AxisFields
        legend={isMatrix ? 'First axis' : 'Axis'}
        label={isMatrix ? 'The first number that changes' : 'The number that changes'}
        axis={network.over}
        taken={isMatrix ? network.and.parameter : null}
        onChange={(over) => onChange({ ...network, over })}
        problem={problemAt(problems, `${path}.over`)}
      />
      {isMatrix && (
        <AxisFields
          legend="Second axis"
          label="The second number that changes"
          axis={network.and}
          taken={network.over.parameter}
          onChange={(and) => onChange({ ...network, and })}
          problem={problemAt(problems, `${path}.and`)}
        />
      )}
      <BaseFields
        base={network.base}
        onChange={(base) => onChange({ ...network, base })}
        problems={problems}
        path={`${path}.base`}
      />
    </>
  )
}

function NameField({
  label,
  onChange,
  problem,
}: {
  label: string
  onChange: (label: string) => void
  problem: string | undefined
}) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className={LABEL}>
        Its name
      </label>
      <input
        id={id}
        value={label}
        maxLength={LABEL_MAX_CHARS}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        {...problemProps(`${id}-problem`, problem)}
        className={`${FIELD} aria-invalid:border-danger`}
      />
      <ProblemText id={`${id}-problem`} text={problem} />
    </div>
  )
}
