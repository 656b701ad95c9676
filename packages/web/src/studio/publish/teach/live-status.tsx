/** Shows how the broadcast goes, in the bar: one word, and the figures behind it. What the teacher has to know of it lies over the stage. */
import { useTranslation } from "../../../texts/use-translation.ts";
import { UplinkButton } from "../../frame/uplink-button.tsx";
import { isOfSoftware } from "../../lesson/publisher-kind.ts";
import { useStream } from "../../lesson/use-stream.ts";
import type { Publishing } from "../parts/use-publishing.ts";
import { healthOf } from "./health.ts";

export function LiveStatus({ publishing: { state } }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const stream = useStream();
  const isStandingBy = state.role === "standby" && state.phase === "live" && isOfSoftware(stream);
  const health = isStandingBy ? "standby" : healthOf(state, stream?.uplink.health ?? null);
  const word = state.phase === "live" ? t(`publishing.health.${health}`) : t(`publishing.phase.${state.phase}`);
  const kbps = state.kbps.at(-1) ?? null;
  const facts = [
    state.way ? t(`publishing.way.${state.way}`) : null,
    kbps === null ? null : t("publishing.sent", { kbps: Math.round(kbps) }),
  ].filter((one) => one !== null);
  const hint =
    state.phase === "reconnecting"
      ? t("publishing.reconnectingHint")
      : isStandingBy
        ? t("publishing.standbyHint")
        : health === "poor"
          ? t("publishing.slowHint")
          : null;
  return (
    <>
      <UplinkButton health={state.phase === "live" ? health : state.phase} word={word}>
        {facts.length > 0 ? <p className="text-muted">{facts.join(" · ")}</p> : null}
      </UplinkButton>
      <div role="status">{hint === null ? null : <p className="stage-note">{hint}</p>}</div>
    </>
  );
}
