/** How the broadcast goes: one word, the way, one sparkline, and since when. Always in view while the teacher is live. */
import { useTranslation } from "react-i18next";
import { Sparkline } from "../../../components/sparkline.tsx";
import { useNow } from "../../../schedule/use-now.ts";
import { isOfSoftware } from "../../lesson/publisher-kind.ts";
import { useStream } from "../../lesson/use-stream.ts";
import type { Publishing } from "../parts/use-publishing.ts";
import { healthOf } from "./health.ts";

export function LiveStatus({ publishing: { state } }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const stream = useStream();
  const time = useTimeSince(state.since);
  const isStandingBy = state.role === "standby" && state.phase === "live" && isOfSoftware(stream);
  const health = isStandingBy ? "standby" : healthOf(state, stream?.uplink.health ?? null);
  const word = state.phase === "live" ? t(`publishing.health.${health}`) : t(`publishing.phase.${state.phase}`);
  const kbps = state.kbps.at(-1) ?? null;
  const sent = t("publishing.sent", { kbps: Math.round(kbps ?? 0) });
  return (
    <div className="live-status">
      <p className={`live-word ${state.phase === "live" ? health : state.phase}`} role="status">
        {word}
      </p>
      <p className="text-muted live-facts">
        {[
          state.way ? t(`publishing.way.${state.way}`) : null,
          time && !isStandingBy ? t("publishing.onAir", { time }) : null,
          kbps === null ? null : sent,
        ]
          .filter((one) => one !== null)
          .join(" · ") || "\u00a0"}
      </p>
      <Sparkline values={state.kbps} label={sent} />
      <p role="status" className="live-hint">
        {state.phase === "reconnecting" ? t("publishing.reconnectingHint") : null}
        {isStandingBy ? t("publishing.standbyHint") : null}
        {health === "poor" ? t("publishing.slowHint") : null}
      </p>
    </div>
  );
}

/** `12:40`, or `1:12:40`; null before it began. */
function useTimeSince(since: number | null): string | null {
  const now = useNow(since !== null);
  if (since === null) return null;
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${String(minutes).padStart(hours > 0 ? 2 : 1, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
