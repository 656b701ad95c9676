/** Shows a text field that grows with its text: Enter sends, Shift+Enter begins another line. */
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";

type WriteFormProps = {
  readonly label: string;
  readonly maxLength: number;
  /** Takes the focus when it appears. */
  readonly hasFocus?: boolean;
  /** False: the text was refused, and stays. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onCancel?: () => void;
};

export function WriteForm({ label, maxLength, hasFocus = false, onSend, onCancel }: WriteFormProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    if (hasFocus) field.current?.focus();
  }, [hasFocus]);
  const send = async (event: FormEvent | KeyboardEvent): Promise<void> => {
    event.preventDefault();
    const sent = text.trim();
    if (sent === "") return;
    // What is sent waits in the list until it is stored.
    setText("");
    if (!(await onSend(sent))) setText((typed) => (typed === "" ? sent : typed));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onCancel?.();
    // While an input method composes, Enter chooses a candidate.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) void send(event);
  };
  return (
    <form className="write-form" onSubmit={(event) => void send(event)}>
      <textarea
        ref={field}
        rows={1}
        aria-label={label}
        placeholder={label}
        maxLength={maxLength}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="button small primary">
        {t("room.send")}
      </button>
      {onCancel ? (
        <button type="button" className="button small" onClick={onCancel}>
          {t("cancel")}
        </button>
      ) : null}
    </form>
  );
}
