/** The toasts that a page shows: what has just been done, and the way back. */

export type Toast = {
  readonly id: number;
  readonly message: string;
  /** The button of the toast, such as "Undo". */
  readonly action?: { readonly label: string; readonly run: () => void };
};

/** Long enough to read it and to press Undo (WCAG 2.2.1 asks for twenty seconds where something can be lost). */
const SHOWN_MS = 8000;
const WITH_ACTION_MS = 20_000;
/** The oldest gives way. */
const MAX_SHOWN = 3;

type Listener = () => void;

let toasts: readonly Toast[] = [];
let nextId = 1;
const timers = new Map<number, ReturnType<typeof setTimeout>>();
const listeners = new Set<Listener>();

function show(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function showToast(message: string, action?: Toast["action"]): void {
  const id = nextId++;
  show([...toasts, { id, message, ...(action ? { action } : {}) }].slice(-MAX_SHOWN));
  startTimer(id);
}

export function dismissToast(id: number): void {
  holdToast(id);
  show(toasts.filter((toast) => toast.id !== id));
}

/** Keeps a toast while the pointer or the focus is on it; `startTimer` lets it go on. */
export function holdToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

export function startTimer(id: number): void {
  holdToast(id);
  const toast = toasts.find((one) => one.id === id);
  if (toast)
    timers.set(
      id,
      setTimeout(() => dismissToast(id), toast.action ? WITH_ACTION_MS : SHOWN_MS),
    );
}

export function shownToasts(): readonly Toast[] {
  return toasts;
}

export function onToasts(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
