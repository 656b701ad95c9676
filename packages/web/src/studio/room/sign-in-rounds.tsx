/** Shows sign-in rounds: opens one with or without a code and a time limit, shows how many have signed, and closes it. */
import { formatDuration } from "@lectern/player/format-duration";
import { numberOf, type SignInRound, signInsOf, textOf } from "@lectern/room";
import { useState } from "react";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

/** Seconds until a round closes by itself. */
const TIME_LIMITS = [0, 60, 180, 300, 600] as const;
const DEFAULT_LIMIT = 180;

export function SignInRounds() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const rounds = signInsOf(room.held("signin"));
  const open = rounds.filter(({ isOpen }) => isOpen);
  const closed = rounds.filter(({ isOpen }) => !isOpen);
  return (
    <section className="sign-ins" aria-label={t("room.signIn")}>
      <h3>{t("room.signIn")}</h3>
      {open.length === 0 ? <OpenForm /> : null}
      {open.map((round) => (
        <OpenRound key={round.ref} round={round} />
      ))}
      {closed.map((round) => (
        <p key={round.ref} className="text-muted">
          {round.title || t("room.signIn")}: <Signed round={round} />
        </p>
      ))}
    </section>
  );
}

function OpenForm() {
  const { t } = useTranslation();
  const { act } = useTeacherRoom();
  const [withCode, setWithCode] = useState(false);
  const [seconds, setSeconds] = useState(DEFAULT_LIMIT);
  const [isLateAllowed, setLateAllowed] = useState(false);
  const limit = seconds > 0 ? { seconds, late: isLateAllowed } : {};
  const open = () => act("signin", { action: "open", ...(withCode ? { code: randomCode() } : {}), ...limit });
  return (
    <div className="row start">
      <button type="button" className="button small primary" onClick={() => void open()}>
        {t("room.openSignIn")}
      </button>
      <label className="switch">
        <input type="checkbox" checked={withCode} onChange={(event) => setWithCode(event.target.checked)} />
        {t("room.withCode")}
      </label>
      <label className="choice">
        {t("room.timeLimit")}
        <select value={seconds} onChange={(event) => setSeconds(Number(event.target.value))}>
          {TIME_LIMITS.map((limit) => (
            <option key={limit} value={limit}>
              {limit === 0 ? t("room.noLimit") : t("room.minutes", { count: limit / 60 })}
            </option>
          ))}
        </select>
      </label>
      {seconds > 0 ? (
        <label className="switch">
          <input type="checkbox" checked={isLateAllowed} onChange={(event) => setLateAllowed(event.target.checked)} />
          {t("room.lateAllowed")}
        </label>
      ) : null}
    </div>
  );
}

function OpenRound({ round }: { round: SignInRound }) {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const left = useSecondsUntil(round.closesAt);
  // Only staff are told.
  const code = textOf(room.signal("signin", round.ref) ?? {}, "code");
  return (
    <article className="sign-in-round" aria-label={round.title || t("room.signIn")}>
      {round.needsCode && code ? (
        <p>
          {t("room.codeIs")} <strong className="sign-in-code">{code}</strong>
        </p>
      ) : null}
      <p role="status">
        <Signed round={round} />
        {left ? <span role="timer"> · {formatDuration(left)}</span> : null}
      </p>
      <button type="button" className="button small" onClick={() => void act("signin", { action: "close", ref: round.ref })}>
        {t("room.closeSignIn")}
      </button>
    </article>
  );
}

function Signed({ round: { ref } }: { round: SignInRound }) {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const signal = room.signal("signin", ref) ?? {};
  const late = numberOf(signal, "late") ?? 0;
  const words = [
    t("room.signed", { count: numberOf(signal, "signed") ?? 0 }),
    ...(late > 0 ? [t("room.late", { count: late })] : []),
  ];
  return <>{words.join(" · ")}</>;
}

/** Four digits for the teacher to say or to show. */
function randomCode(): string {
  return String((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 10_000).padStart(4, "0");
}
