/** Provides the toast of a page: what has just been done, and the way back. A new one takes the place of the last. */

type ToastAction = {
  readonly label: string;
  readonly run: () => void;
  /** The label afterwards. Without it, the action closes the toast. */
  readonly doneLabel?: string;
};
export type Toast = { readonly id: number; readonly message: string; readonly actions: readonly ToastAction[] };

/** Long enough to read it; and to press Undo (WCAG 2.2, 2.2.1 asks for twenty seconds). */
const SHOWN_MS = 8000;
const WITH_ACTIONS_MS = 20_000;

let toast: Toast | null = null;
let lastId = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: Toast | null): void {
  toast = next;
  for (const listener of listeners) listener();
}

export function showToast(message: string, actions: readonly ToastAction[] = []): void {
  show({ id: ++lastId, message, actions });
  releaseToast();
}

export function dismissToast(): void {
  holdToast();
  show(null);
}

/** Keeps the toast while the pointer or the focus is on it. */
export function holdToast(): void {
  clearTimeout(timer);
}

/** Lets the toast go after its time. */
export function releaseToast(): void {
  holdToast();
  if (toast) timer = setTimeout(dismissToast, toast.actions.length > 0 ? WITH_ACTIONS_MS : SHOWN_MS);
}

export function shownToast(): Toast | null {
  return toast;
}

export function onToast(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
