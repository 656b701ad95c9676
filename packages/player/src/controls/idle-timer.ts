/** Hides the controls of a player after a while without input, by the attribute `idle`. */

const HIDE_AFTER_MS = 3000;

export class IdleTimer {
  private timer = 0;
  private readonly element: HTMLElement;
  private readonly mayHide: () => boolean;

  /** @param mayHide asked when the time is over */
  constructor(element: HTMLElement, mayHide: () => boolean) {
    this.element = element;
    this.mayHide = mayHide;
  }

  /** Shows the controls and starts the time again. */
  restart(): void {
    this.element.removeAttribute("idle");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (this.mayHide()) this.element.setAttribute("idle", "");
    }, HIDE_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
