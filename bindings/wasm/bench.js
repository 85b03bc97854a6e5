// The time for the first query, and for each later one: the best of ten rounds, in microseconds.

const start = performance.now()
const { compile, complete, highlight } = await import('freeplay-filter')
compile('')
console.log(`first call, loading and compiling the module: ${(performance.now() - start).toFixed(0)} ms`)

const query = `cost >= $0.01 and latency in 500ms..8s and model in (gpt-4o, claude-3.5-sonnet) and not environment = prod
and trace_evaluation_results."Quality Score" < 3 and completion_output contains "refund policy" and start_time >= now-7d`

function rejected(query) {
  try {
    compile(query)
  } catch {
    return
  }
  throw new Error('compiles')
}

const tasks = {
  'compile, 8 bytes': () => compile('cost > 1'),
  [`compile, ${query.length} bytes`]: () => compile(query),
  [`reject, ${query.length} bytes, two problems`]: () => rejected(query.replace('cost', 'cots').replace('model', 'modle')),
  [`highlight, ${query.length} bytes`]: () => highlight(query),
  [`complete, ${query.length} bytes`]: () => complete(query, query.length),
}
for (const [name, task] of Object.entries(tasks)) {
  let best = Infinity
  for (let round = 0; round < 10; round++) {
    const start = performance.now()
    for (let call = 0; call < 500; call++) task()
    best = Math.min(best, (performance.now() - start) / 500)
  }
  console.log(`${name}: ${(best * 1000).toFixed(1)} µs`)
}
