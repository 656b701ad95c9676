/** Types the light build of hls.js, which has none of its own: its exports are a subset of the full build. */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
