/** Defines the address of a worker's script, which the build bundles. */
declare module "*?worker&url" {
  const address: string;
  export default address;
}
