// Compiles if the types say what the package does.

import type { Compiled, Diagnostic, Filter } from 'freeplay-filter'
import { QueryError, compile, complete, completeAsync, explain, fields, toQuery } from 'freeplay-filter'
import { filterQuery } from 'freeplay-filter/codemirror'

const compiled: Compiled = compile('cost > $min', { parameters: { min: 5n, from: new Date(), list: [1, 'a'] } })
const filter: Filter = compiled.filter
if ('field' in filter && typeof filter.value === 'bigint') filter.value.toString()

try {
  compile('', { zone: 'UTC', now: () => new Date(), catalog: [...fields(), { name: 'tenant', type: 'text' }] })
} catch (error) {
  if (error instanceof QueryError) {
    const diagnostic: Diagnostic | undefined = error.diagnostics[0]
    const fixed: string | undefined = diagnostic?.fixes[0]?.apply(error.text)
    const start: number | undefined = diagnostic?.span?.start
    console.log(fixed, start)
  }
}

const text: string = explain('cost > 1').lines[0]?.text ?? ''
complete(text, 0, { values: (field, key, prefix) => [field, key ?? prefix, 1] })
completeAsync(text, 0, { keys: async () => ['a'] })
filterQuery({ textField: 'completion_output', values: async () => ['a'] })
toQuery({ not: { field: 'cost', op: 'between', value: [1, 2n] } })

// @ts-expect-error: a boolean is no value
toQuery({ field: 'cost', op: 'eq', value: true })
// @ts-expect-error: an operator that there is none of
toQuery({ field: 'cost', op: 'neq', value: 1 })
// @ts-expect-error: `complete` does not wait
complete(text, 0, { values: async () => ['a'] })
// @ts-expect-error: a misspelled option
compile('', { stric: true })
