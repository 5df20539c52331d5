'use client'

import { NETWORK_PARAMETERS } from '@/lib/lab/networks'
import type { NetworkSettings } from '@/lib/lab/networks'
import { limitsOf, PARAMETERS } from '@/lib/lab/parameters'
import { problemAt } from '@/lib/lab/problems'
import type { Problem } from '@/lib/lab/problems'

import { NumberField } from './number-field'

/** All eight numbers of a network. */
export function SettingsFields({
  settings,
  onChange,
  problems,
  path,
}: {
  settings: NetworkSettings
  onChange: (settings: NetworkSettings) => void
  problems: readonly Problem[]
  /** Where the problems of these fields are. */
  path: string
}) {
  return (
    <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
      {NETWORK_PARAMETERS.map((parameter) => {
        const { title, unit, text, slider } = PARAMETERS[parameter]
        return (
          <NumberField
            key={parameter}
            label={title}
            unit={unit}
            text={text}
            value={settings[parameter]}
            onChange={(value) => onChange({ ...settings, [parameter]: value })}
            limits={limitsOf(parameter)}
            slider={slider}
            problem={problemAt(problems, `${path}.${parameter}`)}
          />
        )
      })}
    </div>
  )
}
