/** The lesson as students see it, with its delay. */
import type { LecternPlayer } from "@lectern/player";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LivePlayer } from "../player/live-player.tsx";
import { api, unwrap } from "../session/api.ts";
import { lessonPath } from "./lesson-api.ts";

/** The teacher's own signed links expire as those of students do. */
const RENEW_LINKS_MS = 600_000;

export function Preview({ isLive }: { isLive: boolean }) {
  const { t } = useTranslation();
  const joined = useQuery({
    queryKey: ["joined"],
    queryFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/join", { ...lessonPath, body: {} })),
    enabled: isLive,
    refetchInterval: RENEW_LINKS_MS,
  });
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  const [delay, setDelay] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setDelay(player?.state === "live" ? player.statistics.behind : null), 1000);
    return () => clearInterval(timer);
  }, [player]);
  const play = joined.data?.play;
  return (
    <section className="tile preview" aria-label={t("preview")}>
      <h2>{t("preview")}</h2>
      <div className="stage">
        {isLive && joined.data && play ? (
          <LivePlayer {...{ address: play.flv ?? play.hls, muted: true, onPlayer: setPlayer, watermark: joined.data.watermark }} />
        ) : (
          <p className="stage-message">{t("noVideo")}</p>
        )}
      </div>
      <p className="text-muted">{delay === null ? "\u00a0" : t("delay", { seconds: delay.toFixed(1) })}</p>
    </section>
  );
}
