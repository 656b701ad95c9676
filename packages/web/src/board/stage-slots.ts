/** Defines the places of a page's stage that the board fills once there is a board: the code that does is loaded later. A page has one stage at a time. */

export type StageSlots = {
  /** The whole of the stage, which says how it is laid out by its classes. */
  readonly frame: HTMLElement;
  /** Where the page is shown. */
  readonly board: HTMLElement;
  /** Over whichever of board and camera is small. */
  readonly swap: HTMLElement;
  /** Beside the stage, and below it. */
  readonly strip: HTMLElement | null;
  readonly tools: HTMLElement | null;
  /** For what opens boards and turns pages; null: it is with the tools. */
  readonly bar: HTMLElement | null;
};

/** The class of a stage that shows a page of the board. */
export const WITH_BOARD = "with-board";

export type StageSlotName = keyof StageSlots;

let elements: Partial<Record<StageSlotName, HTMLElement>> = {};
let current: StageSlots | null = null;
let isKnown = false;
const listeners = new Set<() => void>();

export const stageSlots = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  /** Null: there is no stage. */
  snapshot: (): StageSlots | null => current,
  /** Whether the board has filled its place, or knows that there is nothing to show. */
  isKnown: (): boolean => isKnown,
  known: (): void => {
    if (isKnown) return;
    isKnown = true;
    for (const listener of listeners) listener();
  },
  /** @param element null: it is removed */
  set: (name: StageSlotName, element: HTMLElement | null, before: HTMLElement | null): void => {
    if (element) elements = { ...elements, [name]: element };
    // Another stage may have taken the place.
    else if (elements[name] === before) elements = { ...elements, [name]: undefined };
    const { frame, board, swap, strip = null, tools = null, bar = null } = elements;
    current = frame && board && swap ? { frame, board, swap, strip, tools, bar } : null;
    if (!frame) isKnown = false;
    for (const listener of listeners) listener();
  },
};
