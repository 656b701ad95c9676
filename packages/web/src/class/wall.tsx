/** On a screen that a room looks at: the lesson's clock, and a QR code for those who want it on their phone too. */
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "./lesson.ts";

// Small screens never load it.
const QrCode = lazy(() => import("../qr.tsx").then(({ QrCode }) => ({ default: QrCode })));
/** As in class.css. */
const WIDE = "(min-width: 1800px)";

export function Wall({ invitation, code }: { invitation: Invitation; code: string }) {
  const { t } = useTranslation();
  const [isWide, setIsWide] = useState(() => matchMedia(WIDE).matches);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const query = matchMedia(WIDE);
    const look = () => setIsWide(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  useEffect(() => {
    if (!isWide) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isWide]);
  if (!isWide) return null;
  const since = invitation.state === "live" && invitation.startedAt ? now - Date.parse(invitation.startedAt) : null;
  return (
    <aside className="wall">
      {since === null ? null : (
        <div>
          <p className="wall-clock">{clockOf(since)}</p>
          <p className="soft">{t("sinceStart")}</p>
        </div>
      )}
      <figure>
        <Suspense>
          <QrCode text={`${location.origin}/j/${code}`} label={t("phone")} />
        </Suspense>
        <figcaption>{t("phone")}</figcaption>
      </figure>
    </aside>
  );
}

/** 1:02:09, or 2:09 within the first hour. */
function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
