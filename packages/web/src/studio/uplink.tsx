/** The health of the teacher's uplink, with sparklines of frame rate and bitrate. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Sparkline } from "../components/sparkline.tsx";
import { api, unwrap } from "../session/api.ts";
import { lessonPath } from "./lesson/lesson-api.ts";

/** One a second. */
const SAMPLES = 60;
const HEALTHS: readonly string[] = ["good", "fair", "poor", "none"];

/** The lesson's stream as the server measures it; null while nobody publishes. */
export function useStream() {
  return useQuery({
    queryKey: ["stream"],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/stream", lessonPath)).then(({ stream }) => stream),
    refetchInterval: 1000,
  });
}

export type LiveStream = NonNullable<ReturnType<typeof useStream>["data"]>;
type Sample = { readonly fps: number; readonly kbps: number };

export function Uplink({ stream }: { stream: LiveStream | null }) {
  const { t } = useTranslation();
  const samples = useSamples(stream);
  const last = samples.at(-1) ?? sampleOf(stream);
  const reported = stream?.publisher ? stream.uplink.health : "none";
  const health = HEALTHS.includes(reported) ? reported : "unknown";
  const fps = t("fps", { fps: Math.round(last.fps) });
  const bitrate = t("bitrate", { kbps: Math.round(last.kbps) });
  return (
    <section className="tile uplink" aria-label={t("uplink")}>
      <h2>{t("uplink")}</h2>
      <p className={`uplink-health ${health}`} role="status">
        {t(`uplinkHealth.${health}`)}
      </p>
      <p>{fps}</p>
      <Sparkline values={samples.map((sample) => sample.fps)} label={fps} />
      <p>{bitrate}</p>
      <Sparkline values={samples.map((sample) => sample.kbps)} label={bitrate} />
      <p className="text-muted">{t("dropped", { count: stream?.uplink.droppedFrames ?? 0 })}</p>
    </section>
  );
}

/** The samples of the last minute. */
function useSamples(stream: LiveStream | null): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const latest = useRef(stream);
  latest.current = stream;
  useEffect(() => {
    const timer = setInterval(() => {
      setSamples((before) => [...before, sampleOf(latest.current)].slice(-SAMPLES));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return samples;
}

function sampleOf(stream: LiveStream | null): Sample {
  return { fps: stream?.uplink.fps ?? 0, kbps: (stream?.video?.bitrateKbps ?? 0) + (stream?.audio?.bitrateKbps ?? 0) };
}
