/** Shows the lesson for students, before, during and after it. */
import { preloadFlv } from "@lectern/player";
import { useEffect, useState } from "react";
import { LanguageButton } from "../components/language-button.tsx";
import { loadedLater } from "../components/loaded-later.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { enableArrowKeyNavigation } from "./arrow-keys.ts";
import "./class.css";
import { Classroom } from "./classroom.tsx";
import { needsNoForm } from "./first-answers.ts";
import { JoinPage } from "./join-page.tsx";
import { LeaveLink } from "./leave-link.tsx";
import type { Invitation } from "./lesson-door.ts";
import { LessonTitle } from "./lesson-header.tsx";
import type { Failure } from "./parts/failure.ts";
import { NO_REPORT } from "./parts/room-report.ts";
import { reportTamper } from "./report-tamper.ts";
import { useFocusAfter } from "./use-focus.ts";
import { useInvitation } from "./use-invitation.ts";
import { useJoining } from "./use-joining.ts";
import { WaitingRoom } from "./waiting-room.tsx";
import type { WantedRecording } from "./wanted-recording.ts";
import { WrongCode } from "./wrong-code.tsx";

// Loaded only after the lesson.
const LessonRecordings = loadedLater(() => import("./lesson-recordings.tsx").then(({ LessonRecordings }) => LessonRecordings));

void preloadFlv();
enableArrowKeyNavigation();

type ClassPageProps = {
  /** The lesson's join code. */
  readonly code: string;
  /** What is shown after the lesson. */
  readonly wanted: WantedRecording;
};

export function ClassPage({ code, wanted }: ClassPageProps) {
  const joining = useJoining(code);
  const [room, setRoom] = useState(NO_REPORT);
  const { invitation, failure } = useInvitation(joining.joined?.lesson.code ?? code, room);
  const isOpen = invitation !== null && invitation.state !== "ended";
  const { join } = joining;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, when the lesson is known and not over
  useEffect(() => {
    if (isOpen && needsNoForm(code) && !joining.joined) void join(null);
  }, [isOpen]);
  useEffect(() => {
    if (invitation) document.title = `${invitation.title} · Lectern`;
  }, [invitation]);
  useFocusAfter(!joining.joined ? "door" : joining.joined.play ? "class" : "waiting");
  if (!invitation) {
    if (failure?.code === "no-such-lesson") return <WrongCode code={code} reason={failure.message} />;
    return <Loading failure={failure} />;
  }
  if (invitation.state === "ended") return <AfterLesson invitation={invitation} code={code} wanted={wanted} />;
  if (!joining.joined) {
    // The form is for those whom the server wants to know more of.
    if (needsNoForm(code) && !joining.failure) return <Loading failure={null} />;
    return <JoinPage invitation={invitation} joining={joining} />;
  }
  const { joined } = joining;
  if (joined.play === null) return <WaitingRoom invitation={invitation} joined={joined} failure={joining.failure} />;
  return (
    <Classroom
      invitation={invitation}
      code={joined.lesson.code ?? code}
      joined={joined}
      play={joined.play}
      failure={joining.failure}
      onTamper={(what) => reportTamper(invitation.lessonId, code, what)}
      televisionHref={`/tv?class=${code}`}
      hearsOfStream={room.isConnected || failure === null}
      onRoom={setRoom}
    />
  );
}

/** @param failure why it takes so long; null: nothing is wrong */
function Loading({ failure }: { failure: Failure | null }) {
  const { t } = useTranslation();
  return (
    <main className="card">
      <h1>Lectern</h1>
      <p role={failure ? "alert" : "status"}>{failure ? failure.message || t("offline") : t("loading")}</p>
    </main>
  );
}

/** The recordings of a lesson that has ended. The page keeps polling: the lesson resumes when its publisher comes back. */
function AfterLesson({ invitation, code, wanted }: { invitation: Invitation } & ClassPageProps) {
  const { t } = useTranslation();
  return (
    <main className="class">
      <header className="lesson-header">
        <LessonTitle invitation={invitation} />
        <p role="status">{t("ended")}</p>
      </header>
      <LessonRecordings invitation={invitation} code={code} wanted={wanted} />
      <footer className="row">
        <LeaveLink />
        <LanguageButton />
      </footer>
    </main>
  );
}
