/**
 * Provides arrow keys move the focus as Tab does: a television's remote has arrows and OK only. The controls inside the player are part of the same
 * ring, in place of the player itself.
 */

const PLAYERS = "lectern-player, lectern-replay";
const CONTROLS = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), [tabindex='0']";
/** A slider of the volume would keep the arrows to itself, and a television has its own. */
const PASSED_OVER = ".volume";
/** Where nothing has the focus, arrows begin at what is used: sound that waits for a tap, and the row of actions. */
const FIRST_USED = [".stage-sound", ".dock-row .dock-button", "main button, main a[href], main input"];
const STEP: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export function enableArrowKeyNavigation(): void {
  document.addEventListener("keydown", onKey);
}

function onKey(event: KeyboardEvent): void {
  const step = STEP[event.key];
  const [target] = event.composedPath();
  if (event.key === "Enter" && target instanceof HTMLSelectElement && !event.defaultPrevented) return openMenu(event, target);
  if (step === undefined || event.defaultPrevented || !(target instanceof HTMLElement) || keeps(target, event.key)) return;
  // In full screen nothing else is in sight.
  const ring = controlsOf(document.fullscreenElement?.shadowRoot ?? document);
  const next = ring[nextPlace(ring, target, step)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** OK opens a menu, which in browsers only the space bar does. */
function openMenu(event: KeyboardEvent, menu: HTMLSelectElement): void {
  if (!("showPicker" in menu)) return;
  event.preventDefault();
  menu.showPicker();
}

/** Whether a control uses the key itself: the caret of a field and a slider move sideways. */
function keeps(target: HTMLElement, key: string): boolean {
  return target.matches("input") && (key === "ArrowLeft" || key === "ArrowRight");
}

/** What can have the focus and is shown, in the order of the page. */
function controlsOf(root: Document | ShadowRoot): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(`${CONTROLS}, ${PLAYERS}`)].flatMap((element) => {
    if (element.getClientRects().length === 0 || element.matches(PASSED_OVER)) return [];
    if (!element.matches(PLAYERS)) return [element];
    const inside = element.shadowRoot ? controlsOf(element.shadowRoot) : [];
    return inside.length > 0 ? inside : [element];
  });
}

function nextPlace(ring: readonly HTMLElement[], target: HTMLElement, step: 1 | -1): number {
  const at = ring.indexOf(target);
  if (at >= 0) return (at + step + ring.length) % ring.length;
  // The player itself: its first control is next.
  const first = ring.findIndex((element) => target.matches(PLAYERS) && element.getRootNode() === target.shadowRoot);
  if (first < 0) return firstUsed(ring);
  return step === 1 ? first : (first - 1 + ring.length) % ring.length;
}

function firstUsed(ring: readonly HTMLElement[]): number {
  for (const used of FIRST_USED) {
    const at = ring.findIndex((element) => element.matches(used));
    if (at >= 0) return at;
  }
  return 0;
}
