/** Shows the elapsed time of the lesson and a QR code to join by phone, on large screens such as a classroom television. */
import { formatDuration } from "@lectern/player/format-duration";
import { loadedLater } from "../components/loaded-later.tsx";
import { useNow } from "../schedule/use-now.ts";
import { useTranslation } from "../texts/use-translation.ts";
import type { Invitation } from "./lesson-door.ts";

// Small screens never load it.
const QrCode = loadedLater(() => import("../components/qr-code.tsx").then(({ QrCode }) => QrCode));

type LargeScreenProps = {
  readonly invitation: Invitation;
  /** Null: nobody joins by a code. */
  readonly code: string | null;
};

export function LargeScreen({ invitation, code }: LargeScreenProps) {
  const { t } = useTranslation();
  const now = useNow();
  const elapsedMs = invitation.state === "live" && invitation.startedAt ? now - Date.parse(invitation.startedAt) : null;
  return (
    <section className="large-screen" aria-label={t("phone")}>
      {elapsedMs === null ? null : (
        <div>
          <p className="lesson-clock">{formatDuration(elapsedMs / 1000)}</p>
          <p className="text-muted">{t("elapsed")}</p>
        </div>
      )}
      {code === null ? null : (
        <figure>
          <QrCode text={`${location.origin}/j/${code}`} label={t("phone")} />
          <figcaption>{t("phone")}</figcaption>
        </figure>
      )}
    </section>
  );
}
