/**
 * A query language for Freeplay's Search API: compiles readable queries to filter JSON, and back.
 *
 * Positions in queries are indices of JavaScript strings, in UTF-16 code units.
 *
 * @module
 */
/** An operator of the API. */
export type Op = 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains' | 'between';
/** A filter as the Search API takes it. Integers beyond 2^53 are BigInt. */
export type Filter = {
    field: string;
    op: Op;
    value: string | number | bigint | (number | bigint)[];
} | {
    and: Filter[];
} | {
    or: Filter[];
} | {
    not: Filter;
} | Record<string, never>;
/**
 * A value for `$name` in a query. Integers beyond 2^53 are BigInt. The API's times have no
 * fractions of a second, so that a `Date` with one is an error.
 */
export type Parameter = string | number | bigint | Date | readonly (string | number | bigint | Date)[];
/** A field of the catalog. Names that end in `.*` take a key: `completion_inputs.*`. */
export interface Field {
    name: string;
    type: 'text' | 'uuid' | 'number' | 'usd' | 'seconds' | 'time' | 'score' | 'any';
    /** What the field takes; by default what fits its type. */
    operators?: Op[];
    /** Operators that the field takes with a warning, or with `strict` not at all. */
    unlisted_operators?: Op[];
    /** Other names that queries may use. */
    aliases?: string[];
    /** Words by which the field is suggested. */
    synonyms?: string[];
    /** Known values, to complete. */
    values?: (string | number)[];
    doc?: string;
    example?: string;
}
/** How queries are compiled. */
export interface Options {
    /** The fields, in place of the built-in ones: `[...fields(), { name: 'tenant', type: 'text' }]`. */
    catalog?: readonly Field[];
    /** Reject operators that the API's guide does not list for a field. */
    strict?: boolean;
    /** Accept fields that the catalog does not have. */
    allowUnknownFields?: boolean;
    /** The field in which text without a field is searched. Without one, such text is an error. */
    textField?: string;
    /** The values of parameters, by their names without the `$`. */
    parameters?: Readonly<Record<string, Parameter>>;
    /** The IANA name of the zone in which days begin and times are written; by default the host's. */
    zone?: string;
    /** The current time; by default the host's clock. */
    now?: Date | (() => Date);
}
/** Knows values and keys that no catalog lists: the models in use, the environments. */
export interface Provider {
    /** Values of a field, with its key where it has keys. */
    values?(field: string, key: string | undefined, prefix: string): Iterable<string | number | bigint>;
    /** Keys of a field that has keys. */
    keys?(field: string, prefix: string): Iterable<string>;
}
/** A {@link Provider} that may have to fetch what it knows. */
export interface AsyncProvider {
    values?(field: string, key: string | undefined, prefix: string): Iterable<string | number | bigint> | Promise<Iterable<string | number | bigint>>;
    keys?(field: string, prefix: string): Iterable<string> | Promise<Iterable<string>>;
}
/** A part of a query's text: `text.slice(start, end)`. */
export interface Span {
    start: number;
    end: number;
}
/** A replacement in a text. */
export interface Edit extends Span {
    text: string;
}
/** One problem of a query or a filter. */
export interface Diagnostic {
    /** A stable name: `unknown-field`. */
    code: string;
    severity: 'error' | 'warning';
    message: string;
    /** Where it is in the text. */
    span?: Span;
    /** Where it is in a filter's JSON, instead: a JSON pointer (RFC 6901). */
    pointer?: string;
    /** Other places that belong to it. */
    labels: {
        span: Span;
        text: string;
    }[];
    help?: string;
    /** What can be written instead: the nearest fields, the operators of the field, its values. */
    candidates: string[];
    /** The first is the likeliest. */
    fixes: Fix[];
}
/** Edits that remove a diagnostic. */
export declare class Fix {
    /** What they do: "write `model`". */
    readonly title: string;
    /** Only a `machine-applicable` fix can be applied without asking. */
    readonly applicability: 'machine-applicable' | 'maybe-incorrect' | 'has-placeholders';
    /** In order; none overlaps another. */
    readonly edits: readonly Edit[];
    constructor(
    /** What they do: "write `model`". */
    title: string, 
    /** Only a `machine-applicable` fix can be applied without asking. */
    applicability: 'machine-applicable' | 'maybe-incorrect' | 'has-placeholders', 
    /** In order; none overlaps another. */
    edits: readonly Edit[]);
    /** The text with the edits made. */
    apply(text: string): string;
}
/** A query that does not compile, or a filter that cannot be read or expressed. */
export declare class QueryError extends Error {
    /** The query, or the filter's JSON. */
    readonly text: string;
    /** Everything that is wrong, in the order of the text. */
    readonly diagnostics: readonly Diagnostic[];
    constructor(message: string, 
    /** The query, or the filter's JSON. */
    text: string, 
    /** Everything that is wrong, in the order of the text. */
    diagnostics: readonly Diagnostic[]);
}
/** What a query compiles to. */
export declare class Compiled {
    /** The filter as JSON, exact. */
    readonly json: string;
    /** What compiles and is likely not meant. */
    readonly warnings: readonly Diagnostic[];
    constructor(
    /** The filter as JSON, exact. */
    json: string, 
    /** What compiles and is likely not meant. */
    warnings: readonly Diagnostic[]);
    /** The filter as an object, in which integers beyond 2^53 are BigInt. */
    get filter(): Filter;
}
/** A query in words. */
export interface Explanation {
    /** A line for each clause and each group, from the outermost in. */
    lines: (Span & {
        depth: number;
        text: string;
    })[];
    /** All lines, indented. */
    text: string;
}
/** Something that may be typed next: an edit, after which the cursor goes to its end. */
export interface Completion extends Edit {
    label: string;
    kind: 'field' | 'key' | 'operator' | 'value' | 'parameter' | 'keyword' | 'punctuation';
    documentation: string;
}
/** A token of a text, or the white space between two. */
export interface Token extends Span {
    kind: 'white-space' | 'comment' | 'field' | 'key' | 'operator' | 'keyword' | 'string' | 'number' | 'time' | 'parameter' | 'bracket' | 'punctuation' | 'error';
    /** For a bracket that has one: the index of the token of its partner. */
    partner?: number;
}
/**
 * Compiles a query to a filter.
 *
 * @throws {QueryError} with everything that is wrong, each with a fix where one is known
 */
export declare function compile(query: string, options?: Options): Compiled;
/**
 * The query that compiles to a filter: an object, or its JSON.
 *
 * @throws {QueryError} for what is no filter, or cannot be expressed
 */
export declare function toQuery(filter: Filter | string, options?: Options): string;
/**
 * A query in its usual form, in lines of up to 80 characters, with its comments.
 *
 * @throws {QueryError}
 */
export declare function format(query: string): string;
/**
 * Says in words what a query means.
 *
 * @throws {QueryError}
 */
export declare function explain(query: string, options?: Options): Explanation;
/** What may be typed at a position of a text, however broken, the likeliest first. */
export declare function complete(query: string, cursor: number, options?: Options & Provider): Completion[];
/** As {@link complete}, with a provider that may have to fetch what it knows. */
export declare function completeAsync(query: string, cursor: number, options?: Options & AsyncProvider): Promise<Completion[]>;
/** The tokens of any text, however broken: they cover it in order. */
export declare function highlight(query: string, options?: Options): Token[];
/**
 * Whether a record matches a filter, an object or its JSON; `null` where the record does not say it. The record is a
 * result of a search, or an object keyed by the API's fields.
 */
export declare function matches(filter: Filter | string, record: object): boolean | null;
/** A string as a value of a query, in quotes. */
export declare function quote(value: string): string;
/** The built-in catalog. */
export declare function fields(): Field[];
