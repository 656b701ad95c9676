/** `/class/CODE` and `/j/CODE`: the lesson for those who learn: before it, in it, and after it. */
import type { LecternPlayer } from "@lectern/player";
import { preloadFlv } from "@lectern/player";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { initTranslations } from "../i18n.ts";
import { sessionToken } from "../session/api.ts";
import { enableArrowKeyNavigation } from "./arrow-keys.ts";
import "./class.css";
import { LanguageButton } from "../components/language-button.tsx";
import { mountPage } from "../mount-page.tsx";
import { LivePlayer } from "../player/live-player.tsx";
import { JoinPage, LessonTime } from "./join-page.tsx";
import { LargeScreen } from "./large-screen.tsx";
import { CLASS_MESSAGES } from "./messages.ts";
import { ProblemReport } from "./problem-report.tsx";
import { SoundTest } from "./sound-test.tsx";
import { type Invitation, type Joining, useInvitation, useJoining } from "./use-lesson.ts";

// Only those who come after the lesson, or go back in it, load it.
const Replays = lazy(() => import("./lesson-recordings.tsx").then(({ LessonRecordings: Replays }) => ({ default: Replays })));
const Back = lazy(() => import("./time-shift.tsx").then(({ TimeShift: Back }) => ({ default: Back })));

void preloadFlv();
initTranslations(CLASS_MESSAGES);
enableArrowKeyNavigation();

const code = decodeURIComponent(location.pathname.split("/")[2] ?? "");

function Page() {
  const { t } = useTranslation();
  const { invitation, trouble } = useInvitation(code);
  const joining = useJoining(code);
  const known = invitation !== null;
  const { join } = joining;
  // Who is signed in, or was here a moment ago, is let in without a word.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the lesson is known
  useEffect(() => {
    if (known && (sessionToken() !== null || sessionStorage.getItem(`lectern.guest.${code}`) !== null)) void join(null);
  }, [known]);
  useEffect(() => {
    if (invitation) document.title = `${invitation.title} · Lectern`;
  }, [invitation]);
  if (!invitation) {
    return (
      <main className="card">
        <h1>Lectern</h1>
        <p role={trouble ? "alert" : "status"}>{trouble ? trouble.words || t("offline") : t("lookingUp")}</p>
      </main>
    );
  }
  if (invitation.state === "ended") return <After invitation={invitation} />;
  if (!joining.joined) return <JoinPage invitation={invitation} joining={joining} />;
  return <Class invitation={invitation} joining={joining} />;
}

/** The lesson is over; it may go on when its publisher comes back. */
function After({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  return (
    <main className="class">
      <header className="lesson-header">
        <About invitation={invitation} />
        <p role="status">{t("ended")}</p>
      </header>
      <Suspense>
        <Replays invitation={invitation} code={code} />
      </Suspense>
      <footer className="row">
        <span />
        <LanguageButton />
      </footer>
    </main>
  );
}

function About({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  return (
    <div>
      <p className="text-muted">{invitation.school}</p>
      <h1>{invitation.title}</h1>
      {invitation.teacher ? <p className="text-muted">{t("with", { teacher: invitation.teacher })}</p> : null}
    </div>
  );
}

function Class({ invitation, joining: { joined, trouble } }: { invitation: Invitation; joining: Joining }) {
  const { t } = useTranslation();
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  const [asking, setAsking] = useState(false);
  const [wentBackAt, setWentBackAt] = useState<number | null>(null);
  if (!joined) return null;
  const over = invitation.state === "ended" || trouble?.code === "lesson-ended";
  const out = trouble?.code === "removed-from-lesson";
  return (
    <main className="class">
      <div className="stage">
        {over || out ? (
          <div className="stage-message" role="status">
            <h2>{out ? trouble.words : t("ended")}</h2>
            {out ? null : <p>{t("endedHint")}</p>}
          </div>
        ) : wentBackAt === null ? (
          <LivePlayer address={joined.play.flv} onPlayer={setPlayer} />
        ) : (
          <Suspense>
            <Back address={joined.play.hls} since={invitation.startedAt} now={wentBackAt} />
          </Suspense>
        )}
      </div>
      <header className="lesson-header">
        <About invitation={invitation} />
        {over ? null : <LessonTime invitation={invitation} />}
      </header>
      {over || out ? null : <LargeScreen invitation={invitation} code={code} />}
      {invitation.state === "scheduled" ? <SoundTest /> : null}
      <footer className="row">
        <p className="text-muted">{t("here", { name: joined.name })}</p>
        <div className="row">
          {over || out || invitation.state !== "live" ? null : (
            <button
              type="button"
              className={wentBackAt === null ? "button" : "button primary"}
              onClick={() => setWentBackAt(wentBackAt === null ? Date.now() : null)}
            >
              {t(wentBackAt === null ? "goBack" : "backToLive")}
            </button>
          )}
          {over || out ? null : (
            <button type="button" className="button" onClick={() => setAsking(!asking)} aria-expanded={asking}>
              {t("wrong")}
            </button>
          )}
          <LanguageButton />
        </div>
      </footer>
      {asking ? (
        <ProblemReport player={player} lessonId={invitation.lessonId} viewer={joined.viewer} onClose={() => setAsking(false)} />
      ) : null}
    </main>
  );
}

mountPage(<Page />);
