/** Says that the examination is handed in, and shows the result once the school shows it. */
import { Icon } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { loadedLater } from "../../components/loaded-later.tsx";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { errorCode, errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { loadOwnFile, loadPaperFile, loadResult } from "../attempt/exam-calls.ts";
import type { Entered, Invitation } from "../attempt/exam-types.ts";
import type { SessionSnapshot } from "../session/session-snapshot.ts";
import { ExamCard } from "./exam-card.tsx";
import { useWhen } from "./use-when.ts";

/** With the result, which comes from the server too. */
const Result = loadedLater(async () => (await import("./result.tsx")).Result);

/** Grading takes moments; a release is a person's. */
const LOOK_MS = { practice: 5000, release: 60_000 } as const;

type HandedInProps = {
  readonly invitation: Invitation;
  readonly entered: Entered;
  readonly state: SessionSnapshot;
  readonly onLeave: () => void;
};

export function HandedIn({ invitation, entered, state, onLeave }: HandedInProps) {
  const { t } = useTranslation();
  const when = useWhen();
  const result = useQuery({
    queryKey: ["result", entered.attempt.id],
    queryFn: () => loadResult(invitation.id, entered.token),
    refetchInterval: ({ state: { data } }) =>
      data?.state === "graded" ? false : invitation.isPractice ? LOOK_MS.practice : LOOK_MS.release,
  });
  const closesIn = useSecondsUntil(Math.min(invitation.closesAt, invitation.latestEntryAt ?? invitation.closesAt)) ?? 0;
  const canSitAgain = entered.attempt.number < invitation.attempts && closesIn > 0;
  const isWaiting = result.error !== null && errorCode(result.error) === "exam-not-released";
  return (
    <ExamCard title={invitation.title}>
      <h2 className="handed-in">
        <Icon drawing={CHECK_ICON} /> {t("exam.handedIn")}
      </h2>
      <p role="status">
        {state.handedInAt === null ? null : t("exam.handedInAt", { time: when(state.handedInAt), name: entered.attempt.name })}
      </p>
      {result.data ? (
        <Result
          result={result.data}
          loadFile={(id) => loadOwnFile(invitation.id, entered.token, id)}
          media={{ load: (file) => loadPaperFile(invitation.id, entered.token, file) }}
        />
      ) : isWaiting || result.isPending ? (
        <p>{t(invitation.isPractice ? "exam.gradingNow" : "exam.resultLater")}</p>
      ) : (
        <p role="alert">{errorMessage(result.error, t("offline"))}</p>
      )}
      {canSitAgain ? (
        <button type="button" className="button primary" onClick={onLeave}>
          {t("exam.again")}
        </button>
      ) : null}
      <button type="button" className="button quiet" onClick={onLeave}>
        {t("exam.notMe")}
      </button>
    </ExamCard>
  );
}
