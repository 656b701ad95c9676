/** Shows the waiting room: how long until the start, and whether this device is ready. */
import { serverClock } from "@lectern/player/server-clock";
import { Icon } from "@lectern/ui";
import { CHECK_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { useEffect, useState } from "react";
import { loadedLater } from "../../components/loaded-later.tsx";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { clockText } from "../attempt/clock-text.ts";
import type { Invitation } from "../attempt/exam-types.ts";
import { loadTypesetter, RichText } from "../paper/rich-text.tsx";
import { canDecrypt } from "../session/paper-package.ts";
import type { SessionSnapshot } from "../session/session-snapshot.ts";
import type { SupervisionSession } from "../supervision/supervision-session.ts";
import type { TalkDoor } from "../supervision/talk-note.tsx";
import { ExamCard } from "./exam-card.tsx";
import { useDuration } from "./use-when.ts";

/** The time is known well enough. */
const CLOCK_MS = 2000;
/** It is asked for again while it is not. */
const LOOK_MS = 1000;

type WaitingRoomProps = {
  readonly invitation: Invitation;
  readonly state: SessionSnapshot;
  /** Null: nothing is filmed, or its code is still loaded. */
  readonly supervision: SupervisionSession | null;
  /** As which the candidate has entered. */
  readonly name: string;
  readonly hasStore: boolean;
  readonly talkDoor: TalkDoor;
  /** The candidate has read a message of a supervisor. */
  readonly onConfirm: (id: string) => void;
  readonly onLeave: () => void;
};

type CheckState = "ready" | "waiting" | "bad";
type Check = { readonly name: string; readonly state: CheckState; readonly words: string };

const SupervisionBar = loadedLater(() => import("../supervision/supervision-bar.tsx").then((file) => file.SupervisionBar));
const WaitingChecks = loadedLater(() => import("../supervision/waiting-checks.tsx").then((file) => file.WaitingChecks));

export function WaitingRoom({ invitation, state, supervision, name, hasStore, talkDoor, onConfirm, onLeave }: WaitingRoomProps) {
  const { t } = useTranslation();
  const seconds = useSecondsUntil(state.opensAt) ?? 0;
  const duration = useDuration();
  const isClockKnown = useClockKnown();
  // Not at the start, when all need it at once.
  useEffect(() => {
    if (invitation.formulas) loadTypesetter();
  }, [invitation.formulas]);
  const canOpen = canDecrypt();
  const paper = state.package === "ready" ? "ready" : canOpen ? "waiting" : "bad";
  const isAway = state.awaySince !== null || (canOpen && state.package === "failed");
  const checks: readonly Check[] = [
    canOpen
      ? { name: "browser", state: "ready", words: t("exam.check.browser.ready") }
      : { name: "browser", state: "bad", words: t("exam.check.browser.bad") },
    isClockKnown
      ? { name: "clock", state: "ready", words: t("exam.check.clock.ready") }
      : { name: "clock", state: "waiting", words: t("exam.check.clock.waiting") },
    hasStore
      ? { name: "storage", state: "ready", words: t("exam.check.storage.ready") }
      : { name: "storage", state: "bad", words: t("exam.check.storage.bad") },
    { name: "paper", state: paper, words: t(`exam.check.paper.${paper}`) },
    ...(isAway ? [{ name: "network", state: "bad" as const, words: t("exam.check.network.bad") }] : []),
  ];
  return (
    <ExamCard title={invitation.title}>
      <p className="text-muted">{t("exam.enteredAs", { name })}</p>
      {state.messages.length > 0 || state.talk !== null ? (
        <SupervisionBar
          supervision={null}
          terms={null}
          pausedAt={null}
          messages={state.messages}
          talk={state.talk}
          talkDoor={talkDoor}
          onConfirm={onConfirm}
        />
      ) : null}
      {state.stage === "starting" || seconds === 0 ? (
        <p role="status" className="exam-countdown">
          {t("exam.starting")}
        </p>
      ) : (
        <>
          <p id="exam-countdown">{t("exam.startsIn")}</p>
          <p className="exam-countdown" role="timer" aria-labelledby="exam-countdown">
            {clockText(seconds)}
          </p>
        </>
      )}
      <p>{t("exam.waitHint", { length: duration(invitation.seconds) })}</p>
      <ul className="exam-checks" aria-label={t("exam.checks")}>
        {checks.map((check) => (
          <li key={check.name} className={check.state}>
            {check.state === "waiting" ? (
              <span className="icon" />
            ) : (
              <Icon drawing={check.state === "ready" ? CHECK_ICON : WARNING_ICON} />
            )}
            <span>{check.words}</span>
          </li>
        ))}
      </ul>
      {invitation.supervision && supervision ? <WaitingChecks supervision={supervision} terms={invitation.supervision} /> : null}
      {invitation.instruction ? (
        <p>
          <RichText text={invitation.instruction} />
        </p>
      ) : null}
      <button type="button" className="button quiet" onClick={onLeave}>
        {t("exam.notMe")}
      </button>
    </ExamCard>
  );
}

function useClockKnown(): boolean {
  const [isKnown, setIsKnown] = useState(() => serverClock.uncertainty < CLOCK_MS);
  useEffect(() => {
    if (isKnown) return;
    const timer = setInterval(() => setIsKnown(serverClock.uncertainty < CLOCK_MS), LOOK_MS);
    return () => clearInterval(timer);
  }, [isKnown]);
  return isKnown;
}
