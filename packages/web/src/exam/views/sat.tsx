/** Shows what an attempt is at: waiting, the questions, or that it is over. */
import { useCallback, useSyncExternalStore } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { answerTalk } from "../attempt/exam-calls.ts";
import type { Entered, Invitation } from "../attempt/exam-types.ts";
import type { ExamSession } from "../session/exam-session.ts";
import type { TalkDoor } from "../supervision/talk-note.tsx";
import { useSupervision } from "../supervision/use-supervision.ts";
import { AnotherDevice } from "./another-device.tsx";
import { ExamCard } from "./exam-card.tsx";
import { HandedIn } from "./handed-in.tsx";
import { Sitting } from "./sitting.tsx";
import { TimeUp } from "./time-up.tsx";
import { WaitingRoom } from "./waiting-room.tsx";

type SatProps = {
  readonly invitation: Invitation;
  readonly session: ExamSession;
  readonly entered: Entered;
  /** Whether answers survive the end of the page. */
  readonly hasStore: boolean;
  readonly onMove: () => void;
  readonly onLeave: () => void;
};

export function Sat({ invitation, session, entered, hasStore, onMove, onLeave }: SatProps) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(session.listen, session.snapshot);
  const { stage } = state;
  const isWatched = stage === "waiting" || stage === "starting" || stage === "sitting";
  const supervision = useSupervision(isWatched ? (invitation.supervision ?? null) : null, session.attempt.examId, entered.token);
  const { examId } = session.attempt;
  const { token } = entered;
  const talkDoor = useCallback<TalkDoor>((talkId, answer) => answerTalk(examId, { token, talkId, answer }), [examId, token]);
  switch (state.stage) {
    case "waiting":
    case "starting":
      return (
        <WaitingRoom
          invitation={invitation}
          state={state}
          supervision={supervision}
          name={entered.attempt.name}
          hasStore={hasStore}
          talkDoor={talkDoor}
          onConfirm={(id) => session.confirm(id)}
          onLeave={onLeave}
        />
      );
    case "sitting":
      return (
        <Sitting
          invitation={invitation}
          session={session}
          state={state}
          supervision={supervision}
          talkDoor={talkDoor}
          hasStore={hasStore}
        />
      );
    case "time-up":
      return <TimeUp title={invitation.title} state={state} />;
    case "handed-in":
      return <HandedIn invitation={invitation} entered={entered} state={state} onLeave={onLeave} />;
    case "elsewhere":
      return <AnotherDevice title={invitation.title} isMoving={false} message="" onMove={onMove} />;
    case "lost":
      return (
        <ExamCard title={invitation.title}>
          <p role="alert" className="error">
            {t("exam.lost")}
          </p>
          <button type="button" className="button primary" onClick={() => location.reload()}>
            {t("exam.tryAgain")}
          </button>
        </ExamCard>
      );
  }
}
