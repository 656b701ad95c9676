/** Shows "Report a problem": describes the connection, and sends the player's statistics and session; the report's number opens the page that says why. */
import type { LecternPlayer } from "@lectern/player";
import { useState } from "react";
import { publicApi, unwrap } from "../session/api.ts";
import { useTranslation } from "../texts/use-translation.ts";

type ProblemReportProps = {
  readonly player: LecternPlayer | null;
  readonly lessonId: string;
  readonly viewer: string;
  readonly onClose: () => void;
};

export function ProblemReport({ player, lessonId, viewer, onClose }: ProblemReportProps) {
  const { t } = useTranslation();
  const [result, setResult] = useState("");
  const state = player?.state ?? "idle";
  const statistics = player?.statistics;
  const send = async (): Promise<void> => {
    const {
      stalls = 0,
      stallMs = 0,
      reconnects = 0,
      behind = 0,
      firstFrameMs = null,
      engine = "flv",
      view = null,
    } = statistics ?? {};
    const body = { viewer, view, state, engine, stalls, stallMs, reconnects, behind, firstFrameMs };
    try {
      const { trace } = await unwrap(
        publicApi().POST("/api/v1/lessons/{lessonId}/trouble", { params: { path: { lessonId } }, body }),
      );
      setResult(t("reportSent", { trace }));
    } catch {
      setResult(t("offline"));
    }
  };
  return (
    <section className="panel" aria-labelledby="problem-report-title">
      <h2 id="problem-report-title">{t("connectionTitle")}</h2>
      <p>{t(`connection.${state}`, { stalls: statistics?.stalls ?? 0, reconnects: statistics?.reconnects ?? 0 })}</p>
      {statistics?.firstFrameMs ? (
        <p className="text-muted">{t("firstFrame", { seconds: (statistics.firstFrameMs / 1000).toFixed(1) })}</p>
      ) : null}
      <p role="status">{result}</p>
      <div className="row">
        <button type="button" className="button primary" onClick={() => void send()} disabled={result !== ""}>
          {t("sendReport")}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t("close")}
        </button>
      </div>
    </section>
  );
}
