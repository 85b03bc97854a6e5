// The WebAssembly module, and the calls into it. src/lib.rs is the other side.

import { inflateSync } from 'fflate'

import compressed from '../target/filter.wasm.deflate'
import { stringify } from './json.js'

/** What src/lib.rs exports. */
interface Exports {
  memory: WebAssembly.Memory
  buffer(length: number): number
  call(): number
  length(): number
}

/** What a call answers. */
type Answer<Ok> = { ok: Ok } | { rejected: Rejected } | { invalid: string }

/** A query or a filter that has no answer. */
export interface Rejected {
  message: string
  text: string
  diagnostics: unknown[]
}

/** Throws what was rejected. */
export type Reject = (rejected: Rejected) => never

interface Instance {
  exports: Exports
  /** The settings of the compiler in it. */
  settings: string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

// Made by the first call: a page that imports the package and never asks it anything pays nothing.
let instance: Instance | undefined

/** Calls a function of the module, of a compiler with these settings. */
export function call<Ok>(settings: string, name: string, parameters: object, reject: Reject): Ok {
  instance ??= instantiate()
  if (instance.settings !== settings) {
    send(instance, `{"configure":${settings}}`, reject)
    instance.settings = settings
  }
  return send(instance, stringify({ [name]: parameters }), reject) as Ok
}

function instantiate(): Instance {
  const module = new WebAssembly.Module(inflateSync(compressed))
  const exports = new WebAssembly.Instance(module).exports as unknown as Exports
  return { exports, settings: '{}' }
}

function send({ exports }: Instance, request: string, reject: Reject): unknown {
  const bytes = encoder.encode(request)
  let text
  try {
    const at = exports.buffer(bytes.length)
    new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes)
    const answer = exports.call()
    text = decoder.decode(new Uint8Array(exports.memory.buffer, answer, exports.length()))
  } catch (error) {
    // Nothing in it can be relied on after a trap.
    instance = undefined
    throw error
  }
  const answer = JSON.parse(text) as Answer<unknown>
  if ('rejected' in answer) reject(answer.rejected)
  if ('invalid' in answer) throw new TypeError(answer.invalid)
  return answer.ok
}
