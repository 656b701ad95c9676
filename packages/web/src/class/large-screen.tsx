/** On a screen that a room looks at: the lesson's clock, and a QR code for those who want it on their phone too. */
import { formatDuration } from "@lectern/player/format-duration";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "./use-lesson.ts";

// Small screens never load it.
const QrCode = lazy(() => import("../components/qr-code.tsx").then(({ QrCode }) => ({ default: QrCode })));
/** As in class.css. */
const WIDE = "(min-width: 1800px)";

export function LargeScreen({ invitation, code }: { invitation: Invitation; code: string }) {
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
    <aside className="large-screen">
      {since === null ? null : (
        <div>
          <p className="lesson-clock">{formatDuration(since / 1000)}</p>
          <p className="text-muted">{t("sinceStart")}</p>
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
