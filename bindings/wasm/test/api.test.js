import assert from 'node:assert/strict'
import test from 'node:test'

import { QueryError, compile, complete, completeAsync, explain, fields } from 'freeplay-filter'
import { format, highlight, matches, quote, toQuery } from 'freeplay-filter'

const noon = new Date('2024-03-31T12:00:00Z')

/** The error of a query. */
function rejected(query, options) {
  try {
    compile(query, options)
  } catch (error) {
    assert.ok(error instanceof QueryError, error)
    return error
  }
  throw new Error(`compiles: ${query}`)
}

test('integers stay exact', () => {
  const query = 'cost > 9007199254740993 and cost < 18446744073709551615 and model = "9007199254740993"'
  const { json, filter } = compile(query)
  assert.ok(json.includes('"value":9007199254740993}') && json.includes('"value":18446744073709551615}'))
  assert.deepEqual(filter.and.map(({ value }) => value), [9007199254740993n, 18446744073709551615n, '9007199254740993'])
  assert.deepEqual(compile('cost = 9007199254740991').filter.value, 9007199254740991)
  assert.equal(toQuery(filter), 'cost > 9007199254740993 and cost < 18446744073709551615 and model = 9007199254740993')
  assert.equal(compile('cost > $min', { parameters: { min: -9007199254740993n } }).filter.value, -9007199254740993n)
})

test('the README tells the truth', () => {
  const { filter } = compile('cost >= $0.01 and model in (gpt-4o, o1) and not env = prod')
  assert.equal(toQuery(filter), 'cost >= 0.01 and model in (gpt-4o, o1) and environment != prod')
  const { text, diagnostics } = rejected('modle = gpt-4o')
  assert.deepEqual([diagnostics[0].code, diagnostics[0].span], ['unknown-field', { start: 0, end: 5 }])
  assert.equal(diagnostics[0].fixes[0].apply(text), 'model = gpt-4o')
})

test('floats of many digits stay numbers', () => {
  assert.equal(compile('cost = 0.1234567890123456789').filter.value, 0.1234567890123456789)
  assert.equal(compile('cost = 1e300').filter.value, 1e300)
})

test('numbers that may stand for others are errors', () => {
  for (const value of [2 ** 53, -(2 ** 60), NaN, Infinity, 2n ** 64n, -(2n ** 63n) - 1n]) {
    assert.throws(() => compile('cost > $min', { parameters: { min: value } }), RangeError)
    assert.throws(() => toQuery({ field: 'cost', op: 'gt', value }), RangeError)
  }
})

test('values of other types are errors', () => {
  for (const value of [true, null, {}, { time: 'noon' }, [[1]], () => 1, Symbol('a')]) {
    assert.throws(() => compile('model = $model', { parameters: { model: value } }), TypeError)
  }
  assert.throws(() => compile('start_time > $t', { parameters: { t: new Date(NaN) } }), TypeError)
  const circle = { not: {} }
  circle.not = circle
  assert.throws(() => toQuery(circle), RangeError)
})

test('parameters never become syntax', () => {
  const model = 'x" or env = "prod'
  const { filter } = compile('model = $model', { parameters: { model } })
  assert.deepEqual(filter, { field: 'model', op: 'eq', value: model })
  const listed = compile('model in $models', { parameters: { models: ['a', 'b'] } })
  assert.deepEqual(listed.filter.or.map(({ value }) => value), ['a', 'b'])
  const timed = compile('start_time >= $from', { parameters: { from: new Date('2024-06-01T12:30:00Z') } })
  assert.equal(timed.filter.value, '2024-06-01 12:30:00')
  const fraction = { parameters: { from: new Date('2024-06-01T12:30:00.500Z') } }
  assert.equal(rejected('start_time >= $from', fraction).diagnostics[0].code, 'fractional-second')
})

test('lone surrogates are errors', () => {
  for (const text of ['model = "\ud83d"', 'model = \udea8', 'a\ud83d']) {
    for (const call of [compile, format, explain, highlight, quote]) assert.throws(() => call(text), TypeError)
    assert.throws(() => complete(text, 0), TypeError)
    assert.throws(() => toQuery({ field: 'model', op: 'eq', value: text }), TypeError)
    assert.throws(() => toQuery({ field: text, op: 'eq', value: 'a' }), TypeError)
    assert.throws(() => compile('model = $m', { parameters: { m: text } }), TypeError)
    assert.throws(() => compile('model = a', { parameters: { [text]: 'a' } }), TypeError)
  }
  // A filter in JSON contains no escape of half a character.
  assert.throws(() => toQuery('{"field":"model","op":"eq","value":"\\ud83d"}'), QueryError)
  assert.equal(compile('model = "🚨"').filter.value, '🚨')
})

test('positions count UTF-16 code units', () => {
  const query = 'model = "é🚀" and modle = x'
  const [{ code, span, fixes }] = rejected(query).diagnostics
  assert.equal(code, 'unknown-field')
  assert.equal(query.slice(span.start, span.end), 'modle')
  assert.equal(fixes[0].applicability, 'machine-applicable')
  assert.equal(fixes[0].apply(query), 'model = "é🚀" and model = x')
  assert.deepEqual(
    highlight('🚀 = (é').filter(({ kind }) => kind !== 'white-space').map(({ start, end }) => [start, end]),
    [[0, 2], [3, 4], [5, 6], [6, 7]],
  )
  const { lines } = explain('model = "🚀" and cost > 1')
  assert.deepEqual(lines.slice(1).map(({ start, end }) => [start, end]), [[0, 12], [17, 25]])
  assert.equal(lines[2].text, 'cost is more than 1 US dollar')
  const text = 'model = "🚀" and mod'
  const [{ label, start, end }] = complete(text, text.length)
  assert.equal(label, 'model')
  assert.equal(text.slice(start, end), 'mod')
})

test('all problems are given at once', () => {
  const error = rejected('modle = a and lattency > 5')
  assert.equal(error.name, 'QueryError')
  assert.ok(error instanceof Error)
  assert.equal(error.text, 'modle = a and lattency > 5')
  assert.match(error.message, /^1:1: error\[unknown-field\].*\n1:15: error/)
  assert.deepEqual(error.diagnostics.map(({ candidates }) => candidates), [['model'], ['latency']])
  const fixed = error.diagnostics.reduceRight((text, { fixes }) => fixes[0].apply(text), error.text)
  assert.equal(fixed, 'model = a and latency > 5')
})

test('problems of filters have a pointer', () => {
  try {
    toQuery({ and: [{}, { field: 'cost', op: 'neq', value: 1 }] })
    assert.fail()
  } catch (error) {
    assert.deepEqual([error.diagnostics[0].pointer, error.diagnostics[0].span], ['/and/1/op', undefined])
  }
})

test('the clock and the zone are the host\'s unless they are set', () => {
  const second = (date) => date.toISOString().slice(0, 19).replace('T', ' ')
  const before = second(new Date())
  const { value } = compile('start_time >= now').filter
  assert.ok(before <= value && value <= second(new Date()), value)
  assert.equal(compile('start_time >= now-7d', { now: noon }).filter.value, '2024-03-24 12:00:00')
  assert.equal(compile('start_time >= now', { now: () => noon }).filter.value, '2024-03-31 12:00:00')
  const begins = (zone) => compile('start_time >= today', { now: noon, zone }).filter.value
  assert.equal(begins('Europe/Berlin'), '2024-03-30 23:00:00')
  assert.equal(begins('Asia/Calcutta'), '2024-03-30 18:30:00')
  assert.equal(begins(undefined), begins(new Intl.DateTimeFormat().resolvedOptions().timeZone))
  assert.throws(() => begins('Mars/Olympus'), /unknown time zone `Mars\/Olympus`/)
})

test('settings are those of each call', () => {
  const catalog = [...fields(), { name: 'tenant', type: 'text', aliases: ['customer'] }]
  assert.equal(compile('customer = acme', { catalog }).filter.field, 'tenant')
  assert.equal(rejected('customer = acme').diagnostics[0].code, 'unknown-field')
  assert.equal(compile('tenant = acme', { allowUnknownFields: true }).filter.field, 'tenant')
  assert.equal(compile('refund', { textField: 'completion_output' }).filter.op, 'contains')
  assert.throws(() => compile('refund', { textField: 'cost' }), /textField/)
  assert.equal(compile('cost between 1 and 2').warnings.length, 1)
  assert.equal(rejected('cost between 1 and 2', { strict: true }).diagnostics[0].severity, 'error')
})

test('completions hold what the host knows', async () => {
  const asked = []
  const values = (...question) => {
    asked.push(question)
    return ['gpt-4o', 'gpt 5', 7]
  }
  const found = complete('model = g', 9, { values })
  assert.deepEqual(found.map(({ label, text }) => [label, text]), [['gpt-4o', 'gpt-4o '], ['gpt 5', '"gpt 5" ']])
  assert.deepEqual(asked, [['model', undefined, 'g']])
  assert.deepEqual(await completeAsync('model = g', 9, { values: async () => ['gpt-4o', 'gpt 5'] }), found)
  const keys = () => ['tier', 'user name']
  const [, key] = complete('session_custom_metadata.', 24, { keys })
  assert.deepEqual([key.label, key.kind], ['user name', 'key'])
  assert.ok(complete('cost ', 5).every(({ kind, documentation }) => kind && documentation !== undefined))
})

test('format, quote, explain', () => {
  assert.equal(format('# costly\ncost>=0.01 AND model:a'), '# costly\ncost >= 0.01 and model:a')
  assert.equal(quote('a b'), '"a b"')
  assert.equal(explain('not cost > 1').text, 'cost is not more than 1 US dollar')
})

test('records are matched', () => {
  const { json, filter } = compile('cost > 0.01 and output contains refund')
  const record = { cost: 0.02, completion_output: 'a Refund.' }
  assert.equal(matches(filter, record), true)
  assert.equal(matches(json, { ...record, cost: 0.001 }), false)
  const result = { session_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a', custom_metadata: { tier: 'premium' } }
  assert.equal(matches(json, result), null, 'a session does not contain its cost')
  assert.equal(matches(compile('meta.tier ~ premium').filter, result), true)
})

test('highlighting covers any text in order', () => {
  for (const text of ['', 'a', '((', 'cost in (1', 'model = "🚀', '\u2028é = 💥) #', '{"field": 1}']) {
    const tokens = highlight(text)
    assert.equal(tokens.map(({ start, end }) => text.slice(start, end)).join(''), text)
  }
  const [open] = highlight('(a)').filter(({ kind }) => kind === 'bracket')
  assert.equal(open.partner, 2)
})

test('long and deep queries are answered', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `cost > ${index}`).join(' or ')
  assert.equal(compile(many).filter.or.length, 5000)
  assert.equal(rejected('('.repeat(100000)).diagnostics[0].code, 'too-deep')
  assert.equal(rejected('a'.repeat(2 ** 20 + 1)).diagnostics[0].code, 'too-long')
})
