/** Writes a message to all candidates that the person sees, or to a group. */
import { Button, Dialog, showToast } from "@lectern/ui";
import { type FormEvent, useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { sendMessage } from "./wall-calls.ts";
import type { Wall } from "./wall-types.ts";

export const MAX_MESSAGE = 1000;

type MessageDialogProps = {
  readonly examId: string;
  /** Null: all. */
  readonly group: Wall["groups"][number] | null;
  readonly onClose: () => void;
};

export function MessageDialog({ examId, group, onClose }: MessageDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    try {
      const { sent } = await sendMessage(examId, text.trim(), group === null ? {} : { groupId: group.id });
      showToast(t("wall.sentTo", { count: sent }));
      onClose();
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
      setIsBusy(false);
    }
  };
  const title = group === null ? t("wall.messageAll") : t("wall.messageTo", { name: group.name });
  return (
    <Dialog className="wall-dialog" aria-label={title} first="textarea" onClose={onClose}>
      <form className="form" onSubmit={(event) => void send(event)}>
        <h2>{title}</h2>
        <label className="field">
          <span>{t("wall.text")}</span>
          <textarea
            required
            rows={4}
            maxLength={MAX_MESSAGE}
            dir="auto"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <small className="text-muted">{t("wall.messageHint")}</small>
        </label>
        {error ? (
          <p role="alert" className="error">
            {error}
          </p>
        ) : null}
        <div className="row">
          <Button type="button" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" kind="primary" disabled={isBusy || text.trim() === ""}>
            {t("wall.send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
