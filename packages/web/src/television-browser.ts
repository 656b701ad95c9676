/** Decides whether a page is read from afar and has no mouse: a television with a remote control, or a board in a classroom. */

/** A remote control has no pointer; what a board has does not hover. */
export const NO_MOUSE = "(hover: none), (pointer: none)";
const BROWSERS_OF_TELEVISIONS = /\b(?:smart-?tv|tizen|web0s|webos|android tv|bravia|aft[a-z]|googletv|hbbtv)\b/i;

/** On a large screen; a phone has no mouse either. */
export function isTelevisionBrowser(hasNoMouse = matchMedia(NO_MOUSE).matches): boolean {
  return hasNoMouse || BROWSERS_OF_TELEVISIONS.test(navigator.userAgent);
}
