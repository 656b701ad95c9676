/** Lets a supervisor talk with the candidate: asks, waits until the candidate accepts, and ends when either hangs up or the panel is closed. */
import { Button, Icon, showToast } from "@lectern/ui";
import { MICROPHONE_ICON, MICROPHONE_OFF_ICON } from "@lectern/ui/icons";
import { useCallback, useEffect, useState } from "react";
import { after } from "../../schedule/after.ts";
import { errorMessage } from "../../session/error-message.ts";
import { type TalkProblem, TalkSound } from "../../stage/talk-sound.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { endTalk, requestTalk } from "../wall/wall-calls.ts";
import type { TalkRequested, WallDetail } from "../wall/wall-types.ts";

type TalkProps = { readonly examId: string; readonly detail: WallDetail };

/** Until the candidate has answered; the server takes a talk that is not renewed for 30 s as over. */
const ASK_MS = { requested: 2000, on: 8000 } as const;

export function Talk({ examId, detail }: TalkProps) {
  const { t } = useTranslation();
  const { attemptId, name, state, talk: known } = detail;
  const [asked, setAsked] = useState<TalkRequested | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<TalkProblem | null>(null);
  const talk = asked?.talk ?? null;
  const talkId = talk?.id ?? null;
  const everyMs = talk === null ? null : ASK_MS[talk.state];
  const over = useCallback(() => {
    setAsked(null);
    showToast(t("wall.talk.over", { name }));
  }, [t, name]);
  useEffect(() => {
    if (talkId === null || everyMs === null) return;
    let isOver = false;
    let cancel = (): void => {};
    const renew = async (): Promise<void> => {
      // Where the server does not answer, it is asked again: the talk may still go on.
      const next = await requestTalk(examId, attemptId, talkId).catch(() => null);
      if (isOver) return;
      if (next !== null && next.talk === null) return over();
      if (next !== null) setAsked(next);
      cancel = after(everyMs, () => void renew());
    };
    cancel = after(everyMs, () => void renew());
    return () => {
      isOver = true;
      cancel();
    };
  }, [examId, attemptId, talkId, everyMs, over]);
  // Who closes the panel hangs up.
  useEffect(() => {
    if (talkId === null) return;
    return () => void endTalk(examId, attemptId).catch(() => {});
  }, [examId, attemptId, talkId]);
  const ask = async (): Promise<void> => {
    setIsBusy(true);
    try {
      setAsked(await requestTalk(examId, attemptId));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    } finally {
      setIsBusy(false);
    }
  };
  if (state === "handed-in") return null;
  const other = talk === null && known !== null && !known.isOwn ? known : null;
  const streams = asked?.streams ?? null;
  return (
    <section className="panel-acts" aria-label={t("wall.talk.title")}>
      {talk === null ? (
        <Button icon={MICROPHONE_ICON} disabled={isBusy || other !== null} onClick={() => void ask()}>
          {t("wall.talk.ask")}
        </Button>
      ) : (
        <div className="panel-confirm" role="status">
          <p>
            <Icon drawing={streams && problem === null ? MICROPHONE_ICON : MICROPHONE_OFF_ICON} />{" "}
            {t(talk.state === "on" ? "wall.talk.on" : "wall.talk.asked", { name })}{" "}
            {problem ? t(`wall.talk.problem.${problem}`) : ""}
          </p>
          <Button onClick={() => setAsked(null)}>{t(talk.state === "on" ? "wall.talk.end" : "cancel")}</Button>
        </div>
      )}
      {other ? <p>{t("wall.talk.other", { name: other.by ?? t("wall.byKey") })}</p> : null}
      {streams ? <TalkSound streams={streams} name={name} onProblem={setProblem} /> : null}
    </section>
  );
}
