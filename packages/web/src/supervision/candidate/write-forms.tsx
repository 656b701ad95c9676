/** Writes to a candidate, or a note about one that only those who supervise see. */
import { Button, showToast } from "@lectern/ui";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { MAX_MESSAGE } from "../wall/message-dialog.tsx";
import { addNote, sendMessage } from "../wall/wall-calls.ts";
import type { WallDetail, Writes } from "../wall/wall-types.ts";

const MAX_NOTE = 2000;

type WriteFormsProps = {
  readonly examId: string;
  readonly detail: WallDetail;
  /** Which of them has the focus at first. */
  readonly writes: Writes;
  readonly onSent: () => void;
};

export function WriteForms({ examId, detail, writes, onSent }: WriteFormsProps) {
  const { attemptId, state } = detail;
  return (
    <>
      {state === "handed-in" ? null : (
        <WriteForm
          kind="message"
          maxLength={MAX_MESSAGE}
          focus={writes?.kind === "message" ? writes : null}
          send={async (text) => void (await sendMessage(examId, text, { attemptIds: [attemptId] }))}
          onSent={onSent}
        />
      )}
      <WriteForm
        kind="note"
        maxLength={MAX_NOTE}
        focus={writes?.kind === "note" ? writes : null}
        send={(text) => addNote(examId, attemptId, text)}
        onSent={onSent}
      />
    </>
  );
}

type WriteFormProps = {
  readonly kind: "message" | "note";
  readonly maxLength: number;
  readonly focus: Writes;
  readonly send: (text: string) => Promise<void>;
  readonly onSent: () => void;
};

function WriteForm({ kind, maxLength, focus, send, onSent }: WriteFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    try {
      await send(text.trim());
      setText("");
      showToast(t(`wall.done.${kind}`));
      onSent();
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form className="panel-write" onSubmit={(event) => void submit(event)}>
      <label className="field">
        <span>{t(`wall.write.${kind}`)}</span>
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          maxLength={maxLength}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </label>
      <Button type="submit" disabled={isBusy || text.trim() === ""}>
        {t(kind === "message" ? "wall.send" : "wall.keep")}
      </Button>
    </form>
  );
}
