/** The teacher's uplink: one word, and the last minute as lines. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Sparkline } from "../components/sparkline.tsx";
import { api, unwrap } from "../session/api.ts";

const SAMPLES = 60;

/** The lesson's stream as the server sees it, once a second; null while nobody publishes. */
export function useStream(lessonId: string) {
  return useQuery({
    queryKey: ["stream"],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/stream", { params: { path: { lessonId } } })).then(({ stream }) => stream),
    refetchInterval: 1000,
  });
}

export type LessonStream = NonNullable<ReturnType<typeof useStream>["data"]>;

export function Uplink({ stream }: { stream: LessonStream | null }) {
  const { t } = useTranslation();
  const [minute, setMinute] = useState<readonly ReturnType<typeof sampleOf>[]>([]);
  const newest = useRef(stream);
  newest.current = stream;
  useEffect(() => {
    const timer = setInterval(() => {
      setMinute((before) => [...before, sampleOf(newest.current)].slice(-SAMPLES));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  const last = minute.at(-1) ?? sampleOf(stream);
  const word = stream?.publisher ? stream.uplink.health : "none";
  const known = ["good", "fair", "poor", "none"].includes(word) ? word : "unknown";
  return (
    <section className="tile uplink" aria-label={t("health")}>
      <h2>{t("health")}</h2>
      <p className={`uplink-health ${known}`} role="status">
        {t(`healthWord.${known}`)}
      </p>
      <p>{t("fps", { fps: Math.round(last.fps) })}</p>
      <Sparkline values={minute.map(({ fps }) => fps)} label={t("fps", { fps: Math.round(last.fps) })} />
      <p>{t("bitrate", { kbps: Math.round(last.kbps) })}</p>
      <Sparkline values={minute.map(({ kbps }) => kbps)} label={t("bitrate", { kbps: Math.round(last.kbps) })} />
      <p className="text-muted">{t("dropped", { count: stream?.uplink.droppedFrames ?? 0 })}</p>
    </section>
  );
}

function sampleOf(stream: LessonStream | null) {
  return { fps: stream?.uplink.fps ?? 0, kbps: (stream?.video?.bitrateKbps ?? 0) + (stream?.audio?.bitrateKbps ?? 0) };
}
