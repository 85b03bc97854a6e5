// What `build` makes of src/: the module, compressed. esbuild puts its bytes in place of the import.
declare module '*.deflate' {
  const bytes: Uint8Array
  export default bytes
}
