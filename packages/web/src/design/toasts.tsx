/** Shows the toasts of a page. It is rendered once, and stays: screen readers read only what comes into a region that is there. */
import { useSyncExternalStore } from "react";
import { Button } from "./button.tsx";
import { dismissToast, holdToast, onToasts, shownToasts, startTimer } from "./toast-store.ts";

export function Toasts({ closeLabel }: { readonly closeLabel: string }) {
  const toasts = useSyncExternalStore(onToasts, shownToasts);
  return (
    <div className="toasts" role="status">
      {toasts.map(({ id, message, action }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: it waits while the pointer or the focus is on it
        <div
          key={id}
          className="toast"
          onPointerEnter={() => holdToast(id)}
          onPointerLeave={() => startTimer(id)}
          onFocus={() => holdToast(id)}
          onBlur={() => startTimer(id)}
        >
          <span>{message}</span>
          {action ? (
            <Button
              onClick={() => {
                dismissToast(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          ) : null}
          <Button icon="close" aria-label={closeLabel} onClick={() => dismissToast(id)} />
        </div>
      ))}
    </div>
  );
}
