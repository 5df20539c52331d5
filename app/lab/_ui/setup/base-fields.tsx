'use client'

import { useId } from 'react'

import type { Network } from '@/lib/lab/experiment'
import { NETWORK_PRESETS, PRESET_NAMES } from '@/lib/lab/presets'
import type { Problem } from '@/lib/lab/problems'

import { FIELD, LABEL } from '../../../_ui/field'
import { SettingsFields } from './settings-fields'

type Base = Extract<Network, { type: 'sweep' }>['base']

const OWN = 'own'

/** The network that a sweep changes: one by name, or numbers of one's own, which begin as those of the one by name. */
export function BaseFields({
  base,
  onChange,
  problems,
  path,
}: {
  base: Base
  onChange: (base: Base) => void
  problems: readonly Problem[]
  path: string
}) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className={LABEL}>
        All else as in
      </label>
      <select
        id={id}
        className={FIELD}
        value={typeof base === 'string' ? base : OWN}
        onChange={(event) => {
          const name = PRESET_NAMES.find((each) => each === event.target.value)
          if (name) onChange(name)
          else if (typeof base === 'string') onChange({ ...NETWORK_PRESETS[base].settings })
        }}
      >
        {PRESET_NAMES.map((name) => (
          <option key={name} value={name}>
            {NETWORK_PRESETS[name].title}
          </option>
        ))}
        <option value={OWN}>Numbers of my own</option>
      </select>
      {typeof base !== 'string' && (
        <div className="mt-4">
          <SettingsFields settings={base} onChange={onChange} problems={problems} path={path} />
        </div>
      )}
    </div>
  )
}
