/**
 * Queries in CodeMirror 6: highlighting, completion, and problems with their fixes as actions.
 *
 * Use it as it is, or copy it and change what you like: it needs nothing but the package's public API.
 *
 * @module
 */
import { type Extension } from '@codemirror/state';
import type { AsyncProvider, Options } from 'freeplay-filter';
/**
 * The extension for an editor that holds a query. `values` and `keys` complete what the application knows.
 *
 * Mod-. applies the first fix of the problem at the cursor, or of the next one.
 */
export declare function filterQuery(options?: Options & AsyncProvider): Extension;
