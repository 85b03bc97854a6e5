// JSON without loss: integers beyond 2^53 are read as BigInt, and are never written as another number.

/** Writes a value as JSON, or throws where JSON or a 64-bit integer cannot hold it. */
export function stringify(value: unknown): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError(`${value} is not a JSON number`)
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        throw new RangeError(`${value} may stand for another integer: pass integers beyond 2^53 as BigInt`)
      }
      return JSON.stringify(value)
    case 'bigint':
      if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new RangeError(`${value} is beyond 64 bits`)
      return value.toString()
    case 'object':
      return value === null ? 'null' : writeObject(value, depth + 1)
    default:
      throw new TypeError(`${typeof value} is not JSON`)
  }
}

function writeObject(object: object, depth: number): string {
  if (depth > 500) throw new RangeError('nested too deeply, or within itself')
  if ('toJSON' in object && typeof object.toJSON === 'function') return write(object.toJSON(), depth)
  if (Array.isArray(object)) return `[${object.map((item) => write(item, depth)).join(',')}]`
  const entries = Object.entries(object).filter(([, value]) => value !== undefined)
  return `{${entries.map(([key, value]) => `${quoted(key)}:${write(value, depth)}`).join(',')}}`
}

function quoted(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError('a lone surrogate is not a character')
  return JSON.stringify(text)
}

/** Reads the JSON of a filter. */
export function parse(json: string): unknown {
  if (!/\d{16}/.test(json)) return JSON.parse(json)
  // Numbers are revived in the order in which they are written, since no key of a filter is an index.
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g) ?? []
  const numbers = tokens.filter((token) => !token.startsWith('"')).values()
  return JSON.parse(json, (_, value) => {
    if (typeof value !== 'number') return value
    const written = numbers.next().value ?? ''
    return /^-?\d+$/.test(written) && !Number.isSafeInteger(value) ? BigInt(written) : value
  })
}
