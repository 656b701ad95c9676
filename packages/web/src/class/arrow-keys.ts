/** A television's remote has four arrows and one button: the arrows go from one thing to the next, as Tab does. */

const REACHABLE = "a[href], button:not([disabled]), input:not([disabled]), lectern-player, [tabindex='0']";
const STEP: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** For as long as the page is there. */
export function enableArrowKeyNavigation(): void {
  const onKey = (event: KeyboardEvent): void => {
    const step = STEP[event.key];
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    // In a field, sideways is for the letters; a player that has the focus makes itself louder and softer.
    const target = event.target instanceof Element ? event.target : null;
    if (step === undefined || event.defaultPrevented || (sideways && target?.matches("input"))) return;
    if (!sideways && target?.matches("lectern-player")) return;
    const all = [...document.querySelectorAll<HTMLElement>(REACHABLE)].filter((element) => element.getClientRects().length > 0);
    const at = document.activeElement instanceof HTMLElement ? all.indexOf(document.activeElement) : -1;
    const next = all[at < 0 ? 0 : (at + step + all.length) % all.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  document.addEventListener("keydown", onKey);
}
