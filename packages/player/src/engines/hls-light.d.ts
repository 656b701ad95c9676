/** The light build of hls.js comes without types of its own; what it has is what the whole one has. */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
