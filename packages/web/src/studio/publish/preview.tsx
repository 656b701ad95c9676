/** Shows the lesson as students see it, with its delay: for streaming software, for assistants, and for who publishes from here. */
import type { Lesson } from "@lectern/client";
import type { LecternPlayer } from "@lectern/player";
import { serverClock } from "@lectern/player/server-clock";
import { type ReactNode, useEffect, useState } from "react";
import { LivePlayer } from "../../player/live-player.tsx";
import { onSchedule } from "../../schedule/schedule.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useJoined } from "../lesson/use-joined.ts";
import { useFailedAttempts } from "../lesson/use-stream.ts";
import { StageRow } from "./parts/stage-row.tsx";

const RECENT_MS = 10 * 60_000;

type PreviewProps = {
  readonly lesson: Lesson;
  /** Somebody publishes, as the server has it. */
  readonly isLive: boolean;
  /** The lesson's stream is shown: `use-on-stage.ts`. */
  readonly isOnStage: boolean;
  /** Lies over the lower edge of the stage. */
  readonly notes?: ReactNode;
  /** Beside or below the stage. */
  readonly children?: ReactNode;
};

export function Preview({ lesson, isLive, isOnStage, notes, children }: PreviewProps) {
  const { t } = useTranslation();
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  return (
    <section className="preview" aria-label={t("preview")}>
      <StageRow
        notes={
          <>
            {notes}
            {isOnStage && !isLive ? <Refusal /> : null}
            <PreviewDelay player={player} />
          </>
        }
      >
        <PreviewVideo lesson={lesson} isOnStage={isOnStage} onPlayer={setPlayer} />
      </StageRow>
      {children}
    </section>
  );
}

type PreviewVideoProps = Pick<PreviewProps, "lesson" | "isOnStage"> & {
  readonly onPlayer: (player: LecternPlayer | null) => void;
};

/** What the preview has on the stage. */
export function PreviewVideo({ lesson, isOnStage, onPlayer }: PreviewVideoProps) {
  const joined = useJoined(isOnStage);
  const play = joined?.play;
  if (!isOnStage || !play) return <NoVideo />;
  return (
    <LivePlayer
      address={play.flv ?? play.hls}
      muted
      // M and R are keys of the dock, and sound of the preview would be heard in the class.
      hasKeys={false}
      publisherLeftAt={lesson.publisherLeftAt}
      onPlayer={onPlayer}
      watermark={joined.watermark}
    />
  );
}

/** Nothing arrives, or somebody tries just now and is refused: the list of attempts is further down. */
function NoVideo() {
  const { t } = useTranslation();
  const reason = useRecentRefusal();
  return <p className="stage-message">{reason === null ? t("noVideo") : t("publishing.attempts.newest", { reason })}</p>;
}

/** Why a publisher who is absent does not come back. */
function Refusal() {
  const { t } = useTranslation();
  const reason = useRecentRefusal();
  return reason === null ? null : <p className="stage-note">{t("publishing.attempts.newest", { reason })}</p>;
}

function useRecentRefusal(): string | null {
  const [newest] = useFailedAttempts();
  return newest !== undefined && serverClock.now() - Date.parse(newest.at) < RECENT_MS ? newest.detail : null;
}

/** Of the words that say it. */
const DELAY_EACH_MS = 2000;

/** Says over the lower edge of the stage how far behind the picture is. */
export function PreviewDelay({ player }: { player: LecternPlayer | null }) {
  const { t } = useTranslation();
  const [delay, setDelay] = useState<number | null>(null);
  useEffect(() => onSchedule(() => setDelay(player?.state === "live" ? player.statistics.behind : null), DELAY_EACH_MS), [player]);
  return delay === null ? null : <p className="stage-note stage-delay">{t("delay", { seconds: delay.toFixed(1) })}</p>;
}
