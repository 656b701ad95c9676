/**
 * Provides the toast of a page: what has just been done, and the way back. A new one takes the place of the last. It also knows the modal dialogs that
 * are open: the toast has to be in the newest.
 */

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
let dialogs: readonly HTMLElement[] = [];
const listeners = new Set<() => void>();

function show(next: Toast | null): void {
  toast = next;
  for (const listener of listeners) listener();
}

/** @returns what is called when it closes */
export function noteDialog(dialog: HTMLElement): () => void {
  dialogs = [...dialogs, dialog];
  show(toast);
  return () => {
    dialogs = dialogs.filter((one) => one !== dialog);
    show(toast);
  };
}

/** The modal dialog that can be used: nothing outside of it can be pressed. Null: none is open. */
export function topDialog(): HTMLElement | null {
  return dialogs.at(-1) ?? null;
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
