/** A drawer at the side of the window, from below on a phone. It is modal: the browser keeps the focus in it, and Escape closes it. */

import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button.tsx";
import { CLOSE_ICON } from "./icons/index.ts";

type DrawerProps = {
  readonly title: string;
  /** Names the button that closes it. */
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** It is open while it is rendered; the focus returns to what had it before. */
export function Drawer({ title, closeLabel, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    shown?.querySelector<HTMLElement>(".drawer-body :is(input, select, textarea):not([type=checkbox])")?.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog
    <dialog
      ref={dialog}
      className="drawer"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // The ground around the drawer is the dialog itself.
      onClick={(event) => {
        if (event.target === event.currentTarget && event.nativeEvent.detail > 0 && isOutside(event)) onClose();
      }}
    >
      <header className="drawer-head">
        <h2 id={titleId}>{title}</h2>
        <Button kind="quiet" icon={CLOSE_ICON} aria-label={closeLabel} onClick={onClose} />
      </header>
      <div className="drawer-body">{children}</div>
    </dialog>
  );
}

function isOutside(event: { readonly clientX: number; readonly clientY: number; readonly currentTarget: HTMLElement }): boolean {
  const { left, right, top, bottom } = event.currentTarget.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}
