/**
 * Queries in CodeMirror 6: highlighting, completion, and problems with their fixes as actions.
 *
 * Use it as it is, or copy it and change what you like: it needs nothing but the package's public API.
 *
 * @module
 */

import type { Completion as Option, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { autocompletion, pickedCompletion } from '@codemirror/autocomplete'
import { type Diagnostic as Problem, forceLinting, linter } from '@codemirror/lint'
import { type Extension, Prec, RangeSetBuilder, StateField, type Text } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, keymap } from '@codemirror/view'

import type { AsyncProvider, Completion, Diagnostic, Edit, Fix, Options, Token } from 'freeplay-filter'
import { QueryError, compile, completeAsync, highlight } from 'freeplay-filter'

/**
 * The extension for an editor that holds a query. `values` and `keys` complete what the application knows.
 *
 * Mod-. applies the first fix of the problem at the cursor, or of the next one.
 */
export function filterQuery(options: Options & AsyncProvider = {}): Extension {
  return [
    highlighting(options),
    autocompletion({
      override: [(context) => completions(context, options)],
      activateOnCompletion: () => true,
      icons: false,
    }),
    linter((view) => problems(view.state.doc, options), { delay: 300 }),
    Prec.high(keymap.of([{ key: 'Mod-.', run: (view) => applyFirstFix(view, options) }])),
    colors,
  ]
}

function highlighting(options: Options): Extension {
  return StateField.define<DecorationSet>({
    create: (state) => decorate(state.doc, options),
    update: (marks, { docChanged, newDoc }) => (docChanged ? decorate(newDoc, options) : marks),
    provide: (field) => EditorView.decorations.from(field),
  })
}

function decorate(doc: Text, options: Options): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>()
  for (const token of highlight(textOf(doc), options)) {
    if (token.kind !== 'white-space') marks.add(token.start, token.end, Decoration.mark({ class: classOf(token) }))
  }
  return marks.finish()
}

function classOf({ kind, partner }: Token): string {
  return `cm-filter-${kind === 'bracket' && partner === undefined ? 'error' : kind}`
}

async function completions(
  { state, pos }: CompletionContext,
  options: Options & AsyncProvider,
): Promise<CompletionResult | null> {
  const found = await completeAsync(textOf(state.doc), pos, options)
  if (found.length === 0) return null
  const option = (item: Completion): Option => ({
    label: item.label,
    type: item.kind,
    ...(item.documentation !== '' && { info: item.documentation }),
    apply: (view, picked) =>
      view.dispatch({ ...change([item]), userEvent: 'input.complete', annotations: pickedCompletion.of(picked) }),
  })
  // The order is the library's, which knows what is likely.
  return { from: Math.min(...found.map(({ start }) => start)), options: found.map(option), filter: false }
}

function problems(doc: Text, options: Options): Problem[] {
  return diagnostics(doc, options).map(({ span, severity, message, help, fixes }) => ({
    from: span?.start ?? 0,
    to: span?.end ?? doc.length,
    severity,
    message: help === undefined ? message : `${message}: ${help}`,
    actions: fixes.map((fix) => ({
      name: fix.title,
      apply(view: EditorView) {
        // The positions are those of the text that was looked at.
        if (view.state.doc.eq(doc)) view.dispatch({ ...fixing(fix), userEvent: 'input.fix' })
        forceLinting(view)
      },
    })),
  }))
}

function diagnostics(doc: Text, options: Options): readonly Diagnostic[] {
  try {
    return compile(textOf(doc), options).warnings
  } catch (error) {
    if (error instanceof QueryError) return error.diagnostics
    throw error
  }
}

function applyFirstFix(view: EditorView, options: Options): boolean {
  const cursor = view.state.selection.main.head
  const fixable = diagnostics(view.state.doc, options).filter(({ fixes }) => fixes.length > 0)
  const next = fixable.find(({ span }) => span && span.end >= cursor) ?? fixable[0]
  const fix = next?.fixes[0]
  if (!fix) return false
  view.dispatch({ ...fixing(fix), userEvent: 'input.fix' })
  forceLinting(view)
  return true
}

/** The changes of a fix, with its example selected if it has one. */
function fixing({ edits, applicability }: Fix) {
  const made = change(edits)
  if (applicability !== 'has-placeholders') return made
  const head = made.selection.anchor
  const example = edits.at(-1)?.text.trimStart().length ?? 0
  return { ...made, selection: { anchor: head - example, head } }
}

/** The changes of edits in order, with the cursor after the last. */
function change(edits: readonly Edit[]) {
  const growth = edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0)
  return {
    changes: edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text })),
    selection: { anchor: (edits.at(-1)?.end ?? 0) + growth },
    scrollIntoView: true,
  }
}

/** The text, in which half a character is a replacement character of the same length. */
function textOf(doc: Text): string {
  return doc.toString().replace(/\p{Surrogate}/gu, '\ufffd')
}

const colors = EditorView.baseTheme({
  '.cm-filter-keyword, .cm-filter-operator': { fontWeight: '600' },
  '.cm-filter-comment': { fontStyle: 'italic' },
  '.cm-filter-error': { textDecoration: 'underline wavy' },
  ...palette('&light', {
    field: '#0b5cad',
    key: '#0f6a78',
    operator: '#8a4b08',
    keyword: '#7a2a9e',
    string: '#1f6b2e',
    number: '#a3245c',
    time: '#a3245c',
    parameter: '#5b4bc4',
    comment: '#5f6772',
    error: '#b3261e',
  }),
  ...palette('&dark', {
    field: '#8ac4ff',
    key: '#7fd6de',
    operator: '#f0b672',
    keyword: '#d9a5f5',
    string: '#9bd8a2',
    number: '#ff9fc4',
    time: '#ff9fc4',
    parameter: '#b9aeff',
    comment: '#9aa4b2',
    error: '#ff8a80',
  }),
})

function palette(scope: string, colors: Partial<Record<Token['kind'], string>>) {
  return Object.fromEntries(Object.entries(colors).map(([kind, color]) => [`${scope} .cm-filter-${kind}`, { color }]))
}
