/** Shows a round of sign-in that the teacher has called: one button, or a field for the code that the teacher shows. */

import { CODE_DIGITS, type SignInRound, signInsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { DOWN_ICON } from "@lectern/ui/icons";
import { type FormEvent, useState } from "react";
import { isStudent } from "../../room/roles.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useSend } from "../parts/use-send.ts";

/** The newest round that is open and not signed by this person; null: none. */
export function openRound(room: Room, hasSigned: (ref: string) => boolean): SignInRound | null {
  if (!isStudent(room)) return null;
  return signInsOf(room.held("signin")).find(({ isOpen, ref }) => isOpen && !hasSigned(ref)) ?? null;
}

type SignInSheetProps = {
  readonly room: Room;
  readonly round: SignInRound;
  readonly onSigned: (ref: string) => void;
  readonly onClose: () => void;
};

export function SignInSheet({ room, round: { ref, title, needsCode }, onSigned, onClose }: SignInSheetProps) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const [code, setCode] = useState("");
  const [isSending, setIsSending] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsSending(true);
    const done = await send("signin", { action: "sign", ref, ...(needsCode ? { code: code.trim() } : {}) });
    setIsSending(false);
    if (done) onSigned(ref);
  };
  return (
    <section className="sheet" aria-labelledby="sign-in-title">
      <div className="sheet-head">
        <h2 id="sign-in-title">{title || t("signIn")}</h2>
        <button type="button" className="icon-button" aria-label={t("minimise")} onClick={onClose}>
          <Icon drawing={DOWN_ICON} />
        </button>
      </div>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p>{t("signInText")}</p>
        {needsCode ? (
          <div className="field">
            <label htmlFor="sign-in-code">{t("signInCode")}</label>
            <input
              id="sign-in-code"
              className="sign-in-code"
              value={code}
              required
              inputMode="numeric"
              maxLength={CODE_DIGITS}
              autoComplete="off"
              onChange={(event) => setCode(event.target.value.replace(/\D/g, ""))}
            />
          </div>
        ) : null}
        {failure ? (
          <p className="error" role="alert">
            {failure}
          </p>
        ) : null}
        <button type="submit" className="button primary" disabled={isSending || (needsCode && code.length < 4)}>
          {t(isSending ? "sending" : "signInButton")}
        </button>
      </form>
    </section>
  );
}
