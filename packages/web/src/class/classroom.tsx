/** The lesson for a student who has joined: the video, rewind, and a report of problems. */
import type { Joined } from "@lectern/client";
import type { LecternPlayer } from "@lectern/player";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../components/language-button.tsx";
import { LivePlayer } from "../player/live-player.tsx";
import type { TamperReport } from "../player/watermark.ts";
import { type Failure, isOut } from "./failure.ts";
import { LargeScreen } from "./large-screen.tsx";
import { LessonStart, LessonTitle } from "./lesson-header.tsx";
import { ProblemReport } from "./problem-report.tsx";
import { SoundTest } from "./sound-test.tsx";
import type { Invitation } from "./use-invitation.ts";

// Loaded only by students who rewind.
const RewindPlayer = lazy(() => import("./rewind-player.tsx").then(({ RewindPlayer }) => ({ default: RewindPlayer })));

type ClassroomProps = {
  readonly invitation: Invitation;
  readonly code: string;
  readonly joined: Joined;
  readonly play: NonNullable<Joined["play"]>;
  /** Why the last renewal of the links failed. */
  readonly failure: Failure | null;
  readonly onTamper: TamperReport;
};

export function Classroom({ invitation, code, joined, play, failure, onTamper }: ClassroomProps) {
  const { t } = useTranslation();
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  const [isReporting, setIsReporting] = useState(false);
  const [rewoundAt, setRewoundAt] = useState<number | null>(null);
  const hasEnded = invitation.state === "ended" || failure?.code === "lesson-ended";
  const removed = failure && isOut(failure) ? failure : null;
  const isOpen = !hasEnded && !removed;
  const marked = { watermark: joined.watermark, onTamper };
  return (
    <main className="class">
      <div className="stage">
        {!isOpen ? (
          <div className="stage-message" role="status">
            <h2>{removed ? removed.message : t("ended")}</h2>
            {removed ? null : <p>{t("endedHint")}</p>}
          </div>
        ) : rewoundAt === null ? (
          <LivePlayer address={play.flv ?? play.hls} onPlayer={setPlayer} {...marked} />
        ) : (
          <Suspense>
            <RewindPlayer address={play.hls} since={invitation.startedAt} now={rewoundAt} {...marked} />
          </Suspense>
        )}
      </div>
      <header className="lesson-header">
        <LessonTitle invitation={invitation} />
        {hasEnded ? null : <LessonStart invitation={invitation} />}
      </header>
      {isOpen ? <LargeScreen invitation={invitation} code={code} /> : null}
      {invitation.state === "scheduled" ? <SoundTest /> : null}
      <footer className="row">
        <p className="text-muted">{t("joinedAs", { name: joined.name })}</p>
        <div className="row">
          {isOpen && invitation.state === "live" ? <RewindButton rewoundAt={rewoundAt} onChange={setRewoundAt} /> : null}
          {isOpen ? (
            <button type="button" className="button" onClick={() => setIsReporting(!isReporting)} aria-expanded={isReporting}>
              {t("reportProblem")}
            </button>
          ) : null}
          <LanguageButton />
        </div>
      </footer>
      {isReporting ? (
        <ProblemReport
          player={player}
          lessonId={invitation.lessonId}
          viewer={joined.viewer}
          onClose={() => setIsReporting(false)}
        />
      ) : null}
    </main>
  );
}

/** @param rewoundAt milliseconds since 1970; null while live */
function RewindButton({ rewoundAt, onChange }: { rewoundAt: number | null; onChange: (rewoundAt: number | null) => void }) {
  const { t } = useTranslation();
  const isLive = rewoundAt === null;
  return (
    <button type="button" className={isLive ? "button" : "button primary"} onClick={() => onChange(isLive ? Date.now() : null)}>
      {t(isLive ? "rewind" : "backToLive")}
    </button>
  );
}
