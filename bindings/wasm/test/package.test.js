// What is published, and how large it is.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = new URL('..', import.meta.url)

test('the module stays in its budget', (t) => {
  const size = (file) => {
    const bytes = readFileSync(new URL(file, root))
    return [bytes.length, gzipSync(bytes, { level: 9 }).length].map((bytes) => Math.round(bytes / 1000))
  }
  const [module] = size('target/wasm32-unknown-unknown/release/freeplay_filter_wasm.wasm')
  const [javascript, compressed] = size('dist/index.js')
  t.diagnostic(`module ${module} kB, dist/index.js ${javascript} kB, ${compressed} kB with gzip`)
  assert.ok(module <= 1450 && javascript <= 750 && compressed <= 560)
})

test('the package holds what is used, and no more', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: fileURLToPath(root), encoding: 'utf8' })
  const parsed = JSON.parse(packed)
  const [{ files }] = Array.isArray(parsed) ? parsed : Object.values(parsed)
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    'dist/codemirror.js',
    'dist/index.js',
    'js/codemirror.ts',
    'package.json',
    'types/codemirror.d.ts',
    'types/index.d.ts',
  ])
})
