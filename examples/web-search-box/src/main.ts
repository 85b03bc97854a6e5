// A page with a search box: the query in the editor, and what it means beside it.

import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { type Diagnostic, type Explanation, type Fix, QueryError, compile, explain } from 'freeplay-filter'
import { filterQuery } from 'freeplay-filter/codemirror'

import { keys, values } from './provider.js'

const examples = {
  'Costly and slow':
    'cost >= $0.01 and latency > 8s\nand model in (gpt-4o, claude-3.5-sonnet)\nand not environment = prod',
  'Last week’s bad scores': 'trace_evaluation_results."Quality Score" < 3\nand start_time = last-week',
  'Two mistakes': 'modle = gpt-4o and latency > 5 seconds',
  'A habit from SQL': "environment IN ('prod', 'staging') AND cost BETWEEN 1 AND 2 AND model LIKE '%gpt%'",
  'JSON':
    '{"and": [{"field": "cost", "op": "gte", "value": 0.5}, {"not": {"field": "model", "op": "eq", "value": "o1"}}]}',
}

const element = (id: string) => document.getElementById(id) as HTMLElement

/** A new element with a text or with children. */
function make(tag: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

const dark = matchMedia('(prefers-color-scheme: dark)')
const theme = new Compartment()
const themed = () => EditorView.theme({}, { dark: dark.matches })

const view = new EditorView({
  parent: element('editor'),
  state: EditorState.create({
    doc: examples['Costly and slow'],
    extensions: [
      filterQuery({ values, keys }),
      history(),
      closeBrackets(),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-labelledby': 'query-label', 'aria-describedby': 'keys status' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) show(update.state.doc.toString())
      }),
      placeholder('model = gpt-4o and cost > $0.01'),
      theme.of(themed()),
    ],
  }),
})

dark.addEventListener('change', () => view.dispatch({ effects: theme.reconfigure(themed()) }))

/** Shows what a query means, or what is wrong with it. */
function show(query: string): void {
  try {
    const { json, warnings } = compile(query)
    showProblems(warnings)
    element('words').replaceChildren(nested(explain(query).lines))
    element('json').textContent = pretty(json)
    element('copy').hidden = false
  } catch (error) {
    showProblems(error instanceof QueryError ? error.diagnostics : [unlocated(error as Error)])
    const none = 'The query has to compile first.'
    element('words').replaceChildren(make('span', { class: 'none' }, none))
    element('json').replaceChildren(make('span', { class: 'none' }, none))
    element('copy').hidden = true
  }
}

/** A text that no query can contain, such as half of a character, has no diagnostics; its error has no position. */
function unlocated({ message }: Error): Diagnostic {
  return { code: '', severity: 'error', message, labels: [], candidates: [], fixes: [] }
}

function showProblems(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const count = (number: number, what: string) => (number === 0 ? [] : [`${number} ${what}${number === 1 ? '' : 's'}`])
  const counted = [...count(errors, 'error'), ...count(diagnostics.length - errors, 'warning')].join(', ')
  const status = element('status')
  status.textContent = errors > 0 ? counted : counted === '' ? 'Compiles' : `Compiles, with ${counted}`
  status.dataset['state'] = errors > 0 ? 'error' : counted === '' ? 'good' : 'warning'
  element('problems').replaceChildren(...diagnostics.map(problem))
}

function problem({ severity, message, help, fixes }: Diagnostic): HTMLElement {
  const item = make('li', { class: severity }, make('p', {}, message))
  if (help !== undefined) item.append(make('p', { class: 'help' }, help))
  if (fixes.length > 0) item.append(make('div', { class: 'fixes' }, ...fixes.map(fixButton)))
  return item
}

function fixButton(fix: Fix): HTMLElement {
  const button = make('button', { type: 'button' }, fix.title)
  button.addEventListener('click', () => {
    view.dispatch({ changes: fix.edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text })) })
    view.focus()
  })
  return button
}

/** The lines of an explanation as nested lists. */
function nested(lines: Explanation['lines']): HTMLElement {
  const root = make('ul', {})
  const open = [root]
  for (const { depth, text } of lines) {
    open.length = Math.min(open.length, depth + 1)
    if (open.length <= depth) {
      const list = make('ul', {})
      open.at(-1)?.lastElementChild?.append(list)
      open.push(list)
    }
    open.at(-1)?.append(make('li', {}, text))
  }
  return root
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const clause = `{"field":(?:${quoted}|[^"}])*}`
const parts = new RegExp(`{"not":${clause}}|${clause}|{}|\\[\\]|${quoted}|[[{\\]},:]`, 'g')

/** Exact JSON in lines, a clause in one: only white space is added. */
function pretty(json: string): string {
  let indent = ''
  return json.replace(parts, (part) => {
    if (part.length > 1) return part.replace(new RegExp(`${quoted}|[,:]`, 'g'), spaced)
    if (part === ':') return spaced(part)
    if (part === ',') return `,\n${indent}`
    indent = '[{'.includes(part) ? `${indent}  ` : indent.slice(2)
    return '[{'.includes(part) ? `${part}\n${indent}` : `\n${indent}${part}`
  })
}

function spaced(token: string): string {
  return token === ':' || token === ',' ? `${token} ` : token
}

for (const [name, query] of Object.entries(examples)) {
  const button = make('button', { type: 'button' }, name)
  button.addEventListener('click', () => {
    const changes = { from: 0, to: view.state.doc.length, insert: query }
    view.dispatch({ changes, selection: { anchor: query.length } })
    view.focus()
  })
  element('examples').append(make('li', {}, button))
}

element('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(compile(view.state.doc.toString()).json)
  element('copy').textContent = 'Copied'
  setTimeout(() => (element('copy').textContent = 'Copy JSON'), 2000)
})

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const mod of document.querySelectorAll('.mod')) mod.textContent = '⌘'
}

show(view.state.doc.toString())
view.focus()
