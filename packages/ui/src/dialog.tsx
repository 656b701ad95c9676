/** Shows a modal dialog: the browser keeps the focus in it, and Escape or a press beside it closes it. */
import { type ComponentProps, type ReactNode, useEffect, useRef } from "react";
import { noteDialog } from "./toast-store.ts";

type DialogProps = Pick<ComponentProps<"dialog">, "aria-label" | "aria-labelledby" | "className"> & {
  readonly onClose: () => void;
  /** Selects what has the focus first. Default: what the browser chooses. */
  readonly first?: string;
  readonly children: ReactNode;
};

/** It is open while it is rendered; the focus returns to what had it before. */
export function Dialog({ onClose, first, children, ...names }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    const leave = shown && noteDialog(shown);
    if (first !== undefined) shown?.querySelector<HTMLElement>(first)?.focus();
    return () => {
      shown?.close();
      leave?.();
      if (before instanceof HTMLElement) before.focus();
    };
  }, [first]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog
    <dialog
      ref={dialog}
      {...names}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // The ground around it is the dialog itself.
      onClick={(event) => {
        if (event.target === event.currentTarget && event.nativeEvent.detail > 0 && isOutside(event)) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

function isOutside(event: { readonly clientX: number; readonly clientY: number; readonly currentTarget: HTMLElement }): boolean {
  const { left, right, top, bottom } = event.currentTarget.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}
