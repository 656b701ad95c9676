/** Arrow keys move the focus as Tab does: a television's remote has arrows and OK only. */

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), lectern-player, [tabindex='0']";
const STEP: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export function enableArrowKeyNavigation(): void {
  const onKey = (event: KeyboardEvent): void => {
    const step = STEP[event.key];
    const isSideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    // In a field, left and right move the caret; in the player, up and down change the volume.
    const target = event.target instanceof Element ? event.target : null;
    if (step === undefined || event.defaultPrevented || (isSideways && target?.matches("input"))) return;
    if (!isSideways && target?.matches("lectern-player")) return;
    const focusable = [...document.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
      (element) => element.getClientRects().length > 0,
    );
    const current = document.activeElement instanceof HTMLElement ? focusable.indexOf(document.activeElement) : -1;
    const next = focusable[current < 0 ? 0 : (current + step + focusable.length) % focusable.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  document.addEventListener("keydown", onKey);
}
