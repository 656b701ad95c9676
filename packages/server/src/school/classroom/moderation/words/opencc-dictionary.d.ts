/** Defines a dictionary of OpenCC as `opencc-js` has it, which does not declare its type: `TRADITIONAL SIMPLIFIED|…`. */
declare module "opencc-js/dict/TSCharacters" {
  const pairs: string;
  export default pairs;
}
