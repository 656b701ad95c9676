/** Moves an element from where it was to where another layout puts it, in the time in which eyes follow it. */

/** As long as panels take to open. */
const GLIDE_MS = 220;

/**
 * The layout changes at once; only what is painted follows.
 * @param change changes the layout
 */
export function glide(element: HTMLElement, change: () => void): void {
  const from = element.getBoundingClientRect();
  change();
  const to = element.getBoundingClientRect();
  const isSeen = from.width > 0 && to.width > 0;
  const isSame = from.left === to.left && from.top === to.top && from.width === to.width;
  if (!isSeen || isSame || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const back = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / to.width}, ${from.height / to.height})`;
  const easing = getComputedStyle(element).getPropertyValue("--ease") || "ease-out";
  element.animate(
    [
      { transform: back, transformOrigin: "0 0" },
      { transform: "none", transformOrigin: "0 0" },
    ],
    {
      duration: GLIDE_MS,
      easing,
    },
  );
}
