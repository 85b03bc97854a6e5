// The conformance cases of all implementations: ../../../tests/conformance/README.md.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { isDeepStrictEqual } from 'node:util'

import { QueryError, compile, toQuery } from 'freeplay-filter'

const file = new URL('../../../tests/conformance/cases.jsonl', import.meta.url)
const cases = readFileSync(file, 'utf8').trimEnd().split('\n')

/** The code units before a byte of a text. */
function utf16(text, byte) {
  return Buffer.from(text).subarray(0, byte).toString().length
}

function options({ now = '2024-03-31T12:00:00Z', zone = 'UTC', strict, unknown_fields, text_field, parameters }) {
  const settings = { now: new Date(now), zone, strict, allowUnknownFields: unknown_fields, textField: text_field }
  return Object.entries({ ...settings, parameters }).reduce((kept, [key, value]) => {
    return value === undefined ? kept : { ...kept, [key]: value }
  }, {})
}

/** What is expected of a diagnostic, with the recorded positions, of bytes, in code units. */
function expected(text, { code, severity, span, pointer, fixes = [] }) {
  const at = ([start, end]) => ({ start: utf16(text, start), end: utf16(text, end) })
  return {
    code,
    severity,
    place: pointer ?? at(span),
    fixes: fixes.map(({ applicability, edits }) => {
      return { applicability, edits: edits.map(({ span, text }) => ({ ...at(span), text })) }
    }),
  }
}

function given({ code, severity, span, pointer, fixes }) {
  const edits = (fix) => fix.edits.map(({ start, end, text }) => ({ start, end, text }))
  return {
    code,
    severity,
    place: pointer ?? span,
    fixes: fixes.map((fix) => ({ applicability: fix.applicability, edits: edits(fix) })),
  }
}

/** What is answered: exact JSON or a query, and diagnostics. */
function answer({ query, json, settings = {} }) {
  try {
    if (json !== undefined) return { raised: toQuery(json, options(settings)), diagnostics: [] }
    const { json: filter, warnings } = compile(query, options(settings))
    return { filter, diagnostics: warnings.map(given) }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { [json === undefined ? 'filter' : 'raised']: undefined, diagnostics: error.diagnostics.map(given) }
  }
}

/** The `filter` of a line as it is written there, with its floats and its long integers. */
function recordedFilter(line) {
  const start = line.search(/"filter":/)
  if (start < 0) return undefined
  const from = start + '"filter":'.length
  let depth = 0
  for (const { 0: token, index } of line.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
    if (depth === 0) return line.slice(from, from + index + 1)
  }
  throw new Error(line)
}

test('the cases are answered as recorded', (t) => {
  const differences = cases.flatMap((line, index) => {
    const { query, json, raised, diagnostics = [], settings } = JSON.parse(line)
    const recorded = {
      ...(query !== undefined ? { filter: recordedFilter(line) } : { raised }),
      diagnostics: diagnostics.map((diagnostic) => expected(query ?? json, diagnostic)),
    }
    const answered = answer({ query, json, settings })
    return isDeepStrictEqual(answered, recorded) ? [] : [{ line: index + 1, recorded, answered }]
  })
  assert.deepEqual(differences, [])
  assert.ok(cases.length > 800)
  t.diagnostic(`${cases.length} cases`)
})
