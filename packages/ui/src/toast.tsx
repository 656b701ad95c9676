/** Shows the toast of a page. It is rendered once, and stays: screen readers read only what comes into a region that is there. */

import { useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { Button } from "./button.tsx";
import { CLOSE_ICON } from "./icons/index.ts";
import { dismissToast, holdToast, onToast, releaseToast, shownToast, type Toast, topDialog } from "./toast-store.ts";
import "./toast.css";

type ToastRegionProps = {
  /** Names the button that takes the toast away, beside the close button of a drawer that has it. */
  readonly dismissLabel: string;
};

/** While a modal dialog is open, the toast is in it: whatever is outside can neither be pressed nor is it read. */
export function ToastRegion({ dismissLabel }: ToastRegionProps) {
  const toast = useSyncExternalStore(onToast, shownToast);
  const dialog = useSyncExternalStore(onToast, topDialog);
  return (
    <>
      <Region toast={dialog ? null : toast} dismissLabel={dismissLabel} />
      {dialog ? createPortal(<Region toast={toast} dismissLabel={dismissLabel} />, dialog) : null}
    </>
  );
}

function Region({ toast, dismissLabel }: ToastRegionProps & { readonly toast: Toast | null }) {
  return (
    <div
      className="toast-region"
      role="status"
      onPointerEnter={holdToast}
      onPointerLeave={releaseToast}
      onFocus={holdToast}
      onBlur={releaseToast}
    >
      {toast ? (
        <div key={toast.id} className="toast">
          <span>{toast.message}</span>
          {toast.actions.map((action) => (
            <ToastButton key={action.label} action={action} />
          ))}
          <Button icon={CLOSE_ICON} aria-label={dismissLabel} onClick={dismissToast} />
        </div>
      ) : null}
    </div>
  );
}

function ToastButton({ action: { label, run, doneLabel } }: { readonly action: Toast["actions"][number] }) {
  const [isDone, setIsDone] = useState(false);
  const press = (): void => {
    if (doneLabel === undefined) dismissToast();
    else setIsDone(true);
    run();
  };
  return <Button onClick={press}>{isDone && doneLabel !== undefined ? doneLabel : label}</Button>;
}
