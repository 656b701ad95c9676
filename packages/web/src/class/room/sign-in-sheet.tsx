/** A round of sign-in that the teacher has called: one button, or a field for the code that the teacher shows. */

import { Icon } from "@lectern/ui";
import { DOWN_ICON } from "@lectern/ui/icons";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isStudent } from "../../room/roles.ts";
import type { Room } from "../../room/use-room.ts";
import { textOf, type WireEntry } from "../../room/wire.ts";
import { useSend } from "../parts/use-send.ts";

/** The newest round that is open and not signed by this person; null: none. */
export function openRound(room: Room, hasSigned: (ref: string) => boolean): WireEntry | null {
  if (!isStudent(room)) return null;
  const open = room.held("signin").filter(({ body }) => body["state"] === "open" && !hasSigned(textOf(body, "ref") ?? ""));
  return open.at(-1) ?? null;
}

type SignInSheetProps = {
  readonly room: Room;
  readonly round: WireEntry;
  readonly onSigned: (ref: string) => void;
  readonly onClose: () => void;
};

export function SignInSheet({ room, round: { body }, onSigned, onClose }: SignInSheetProps) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const [code, setCode] = useState("");
  const [isSending, setIsSending] = useState(false);
  const ref = textOf(body, "ref") ?? "";
  const needsCode = body["needsCode"] === true;
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
        <h2 id="sign-in-title">{textOf(body, "title") || t("signIn")}</h2>
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
              maxLength={4}
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
