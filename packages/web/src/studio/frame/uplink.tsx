/** Shows the health of the teacher's uplink: what limits it and what to do, and sparklines of frame rate and bitrate. */
import { serverClock } from "@lectern/player/server-clock";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Sparkline } from "../../components/sparkline.tsx";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { recommendedKbps, uplinkLimitKbps } from "../lesson/encoder-settings.ts";
import { type LiveStream, useStream } from "../lesson/use-stream.ts";

/** Ten minutes, as the server keeps them: a value each ten seconds. */
const HISTORY_MS = 600_000;
const HISTORY_STEP_MS = 10_000;
const HEALTHS: readonly string[] = ["good", "fair", "poor", "none"];

/** @param children what the page that publishes knows besides the server */
export function Uplink({ children }: { readonly children?: ReactNode }) {
  const { t } = useTranslation();
  const stream = useStream();
  const history = useHistory(stream);
  const now = { fps: stream?.uplink.fps ?? 0, kbps: (stream?.video?.bitrateKbps ?? 0) + (stream?.audio?.bitrateKbps ?? 0) };
  const fps = t("fps", { fps: Math.round(now.fps) });
  const bitrate = t("bitrate", { kbps: Math.round(now.kbps) });
  const live = stream ? [now] : [];
  return (
    <section className="tile uplink" aria-label={t("uplink")}>
      <h2>{t("uplink")}</h2>
      {children}
      <UplinkVerdict stream={stream} />
      <p className="uplink-fps">{fps}</p>
      <Sparkline values={[...history.fps, ...live.map((sample) => sample.fps)]} label={fps} />
      <p className="uplink-bitrate">{bitrate}</p>
      <Sparkline values={[...history.kbps, ...live.map((sample) => sample.kbps)]} label={bitrate} />
      <p className="text-muted">
        {t("dropped", { count: stream?.uplink.droppedFrames ?? 0, share: shareText(stream?.uplink.droppedShare ?? 0) })}
      </p>
    </section>
  );
}

/** As the server says it. */
export function uplinkHealth(stream: LiveStream | null): string {
  const reported = stream?.publisher ? stream.uplink.health : "none";
  return HEALTHS.includes(reported) ? reported : "unknown";
}

/** What is wrong, and what the teacher can do. Its place is kept while nothing is. */
function UplinkVerdict({ stream }: { readonly stream: LiveStream | null }) {
  const verdict = stream?.publisher ? stream.uplink.verdict : "none";
  return (
    <p className="uplink-verdict" data-verdict={verdict} role="status">
      {stream?.publisher ? <UplinkSentence stream={stream} /> : null}
    </p>
  );
}

/** Nothing where nothing is wrong. */
export function UplinkSentence({ stream }: { readonly stream: LiveStream }) {
  const { t } = useTranslation();
  const { verdict, problem, avOffsetMs } = stream.uplink;
  if (verdict === "none") return null;
  const seconds = (Math.abs(avOffsetMs ?? 0) / 1000).toFixed(1);
  const kbps = recommendedKbps(uplinkLimitKbps(stream));
  return (
    <>
      <strong>{t(`uplinkVerdict.${verdict}.what`, { seconds })}</strong> {problem ? t(`uplinkProblem.${problem}`) : null}{" "}
      {t(`uplinkVerdict.${verdict}.advice`, { kbps })}
    </>
  );
}

/** The last ten minutes; as many values before the server has answered, so that the line does not change its scale. */
function useHistory(stream: LiveStream | null): {
  readonly fps: readonly (number | null)[];
  readonly kbps: readonly (number | null)[];
} {
  const subject = stream && `${stream.app}/${stream.name}`;
  const { data } = useQuery({
    queryKey: ["uplink-history", subject],
    queryFn: () => loadHistory(subject ?? ""),
    enabled: subject !== null,
    refetchInterval: HISTORY_STEP_MS,
    placeholderData: keepPreviousData,
  });
  const nothing = Array<null>(HISTORY_MS / HISTORY_STEP_MS).fill(null);
  return { fps: data?.get("fps") ?? nothing, kbps: data?.get("kbps") ?? nothing };
}

async function loadHistory(subject: string): Promise<ReadonlyMap<string, readonly (number | null)[]>> {
  const to = serverClock.now();
  const times = { from: new Date(to - HISTORY_MS).toISOString(), to: new Date(to).toISOString() };
  const query = { kind: "stream" as const, subject, metric: "fps,kbps", ...times };
  const { series } = await unwrap(api().GET("/api/v1/series", { params: { query } }));
  return new Map(series.map(({ metric, values }) => [metric, values]));
}

/** A share so small that one frame of ten thousand can be read. */
function shareText(share: number): string {
  return new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 3 }).format(share);
}
