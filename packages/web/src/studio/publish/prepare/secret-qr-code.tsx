/** Shows a QR code with a secret: the page does not draw it before somebody holds it down, and removes it when the hold ends. */
import { type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";
import { QrCode } from "../../../components/qr-code.tsx";
import { useTranslation } from "../../../texts/use-translation.ts";

/** Events of the window that end the hold. */
const EVENTS = ["pointerup", "pointercancel", "blur"] as const;

export function SecretQrCode({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [isHeld, setHeld] = useState(false);
  const release = () => setHeld(false);
  useEffect(() => {
    if (!isHeld) return;
    const end = () => setHeld(false);
    // The hold may end where this button does not hear of it: in another window, or behind a dialog.
    for (const event of EVENTS) addEventListener(event, end);
    document.addEventListener("visibilitychange", end);
    return () => {
      for (const event of EVENTS) removeEventListener(event, end);
      document.removeEventListener("visibilitychange", end);
    };
  }, [isHeld]);
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button === 0) setHeld(true);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    setHeld(true);
  };
  return (
    <button
      type="button"
      className="held-qr"
      aria-label={`${label}: ${t("holdToShow")}`}
      onPointerDown={onPointerDown}
      onPointerLeave={release}
      onKeyDown={onKeyDown}
      onKeyUp={release}
      onBlur={release}
      onContextMenu={(event) => event.preventDefault()}
    >
      {isHeld ? <QrCode text={text} label={label} /> : <span>{t("holdToShow")}</span>}
    </button>
  );
}
