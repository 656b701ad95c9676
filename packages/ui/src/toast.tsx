/** Shows the toast of a page. It is rendered once, and stays: screen readers read only what comes into a region that is there. */

import { useState, useSyncExternalStore } from "react";
import { Button } from "./button.tsx";
import { CLOSE_ICON } from "./icons/index.ts";
import { dismissToast, holdToast, onToast, releaseToast, shownToast, type Toast } from "./toast-store.ts";
import "./toast.css";

export function ToastRegion({ closeLabel }: { readonly closeLabel: string }) {
  const toast = useSyncExternalStore(onToast, shownToast);
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
          <Button icon={CLOSE_ICON} aria-label={closeLabel} onClick={dismissToast} />
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
