/** "Something is wrong": the connection in plain words, and a number by which the operator finds what happened. */
import type { LecternPlayer } from "@lectern/player";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";

export function ProblemReport({
  player,
  lessonId,
  viewer,
  onClose,
}: {
  player: LecternPlayer | null;
  lessonId: string;
  viewer: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [said, setSaid] = useState("");
  const state = player?.state ?? "idle";
  const statistics = player?.statistics;
  const send = async (): Promise<void> => {
    const { stalls = 0, stallMs = 0, reconnects = 0, behind = 0, firstFrameMs = null, engine = "flv" } = statistics ?? {};
    const body = { viewer, state, engine, stalls, stallMs, reconnects, behind, firstFrameMs };
    try {
      const { trace } = await unwrap(
        api(null).POST("/api/v1/lessons/{lessonId}/trouble", { params: { path: { lessonId } }, body }),
      );
      setSaid(t("traceIs", { trace }));
    } catch {
      setSaid(t("offline"));
    }
  };
  return (
    <section className="panel" aria-labelledby="trouble-title">
      <h2 id="trouble-title">{t("wrongTitle")}</h2>
      <p>{t(`connection.${state}`, { stalls: statistics?.stalls ?? 0, reconnects: statistics?.reconnects ?? 0 })}</p>
      {statistics?.firstFrameMs ? (
        <p className="text-muted">{t("firstPicture", { seconds: (statistics.firstFrameMs / 1000).toFixed(1) })}</p>
      ) : null}
      <p role="status">{said}</p>
      <div className="row">
        <button type="button" className="button primary" onClick={() => void send()} disabled={said !== ""}>
          {t("send")}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t("close")}
        </button>
      </div>
    </section>
  );
}
