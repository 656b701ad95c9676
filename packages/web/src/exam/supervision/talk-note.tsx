/** Tells a candidate who wants to talk, and that the microphone is on then; the candidate begins, and can end it at any time. */
import { Button, Icon } from "@lectern/ui";
import { MICROPHONE_ICON, MICROPHONE_OFF_ICON } from "@lectern/ui/icons";
import { useEffect, useRef, useState } from "react";
import { after } from "../../schedule/after.ts";
import { type TalkProblem, TalkSound, type TalkStreams } from "../../stage/talk-sound.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import type { SupervisorTalk } from "../attempt/exam-types.ts";

/** Asks the server. Null: the talk is over. @throws ApiError */
export type TalkDoor = (talkId: string, answer: "accept" | "end" | "go-on") => Promise<TalkStreams | null>;

type TalkNoteProps = { readonly talk: SupervisorTalk; readonly door: TalkDoor };

/** A key begins a connection within two minutes. */
const RENEW_MS = 60_000;

/** Another talk is another note. */
export function TalkNote({ talk: { id, by }, door }: TalkNoteProps) {
  const { t } = useTranslation();
  const [streams, setStreams] = useState<TalkStreams | null>(null);
  const [state, setState] = useState<"asked" | "busy" | "failed" | "on" | "over">("asked");
  const [problem, setProblem] = useState<TalkProblem | null>(null);
  const decided = useRef(false);
  const name = by ?? t("watched.talk.someone");
  useEffect(() => {
    if (state !== "on") return;
    let cancel = (): void => {};
    const renew = (): void => {
      // What goes on needs no new key; the next connection does.
      door(id, "go-on").then(setStreams, () => {});
      cancel = after(RENEW_MS, renew);
    };
    cancel = after(RENEW_MS, renew);
    return () => cancel();
  }, [state, id, door]);
  const accept = async (): Promise<void> => {
    setState("busy");
    try {
      const given = await door(id, "accept");
      if (decided.current) return;
      setStreams(given);
      setState(given === null ? "over" : "on");
    } catch {
      setState("failed");
    }
  };
  const end = (): void => {
    decided.current = true;
    setState("over");
    setStreams(null);
    // What is not heard of it ends with the talk: nothing is published any more.
    door(id, "end").catch(() => {});
  };
  if (state === "over") return null;
  const isOn = state === "on" && streams !== null;
  return (
    <div className="watched-note message">
      <Icon drawing={isOn && problem === null ? MICROPHONE_ICON : MICROPHONE_OFF_ICON} />
      <p>
        <strong>{t(isOn ? "watched.talk.on" : "watched.talk.asked", { name })}</strong>{" "}
        {problem ? t(`watched.talk.problem.${problem}`, { name }) : t(isOn ? "watched.talk.onHint" : "watched.talk.hint", { name })}
        {state === "failed" ? ` ${t("watched.talk.failed")}` : ""}
      </p>
      {isOn ? null : (
        <Button kind="primary" disabled={state === "busy"} onClick={() => void accept()}>
          {t("watched.talk.accept")}
        </Button>
      )}
      <Button onClick={end}>{t(isOn ? "watched.talk.end" : "watched.talk.decline")}</Button>
      {isOn ? <TalkSound streams={streams} name={name} onProblem={setProblem} /> : null}
    </div>
  );
}
