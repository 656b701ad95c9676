/** Shows the form of a forward: its name, and the server and the stream key as services show them. */
import type { Forward } from "@lectern/client";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { changedAddress, isKeyCovered, serverOf } from "./forward-address.ts";
import type { ForwardChange } from "./use-forwards.ts";

type ForwardFormProps = {
  /** Null for a new one. */
  readonly forward: Forward | null;
  readonly isPending: boolean;
  readonly onSave: (change: ForwardChange) => void;
  readonly onCancel: () => void;
};

export function ForwardForm({ forward, isPending, onSave, onCancel }: ForwardFormProps) {
  const { t } = useTranslation();
  const shown = forward?.url ?? null;
  const [title, setTitle] = useState(forward?.title ?? "");
  const [server, setServer] = useState(serverOf(shown));
  const [key, setKey] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const url = changedAddress(shown, server, key);
    onSave({ title: title.trim(), ...(url === undefined ? {} : { url }) });
  };
  // A key belongs to its server: another one needs its own.
  const needsKey = isKeyCovered(shown) && server.trim() !== serverOf(shown);
  return (
    <form className="forward-form" onSubmit={submit}>
      <TextField label={t("forwardTitle")} value={title} maxLength={200} required onChange={setTitle} />
      <TextField
        label={t("forwardServer")}
        hint={t("forwardServerHint")}
        value={server}
        placeholder="rtmps://a.rtmps.youtube.com/live2"
        required
        onChange={setServer}
      />
      <TextField
        label={t("forwardKey")}
        hint={t(needsKey ? "forwardKeyNew" : isKeyCovered(shown) ? "forwardKeyKept" : "forwardKeyHint")}
        value={key}
        isSecret
        required={needsKey}
        onChange={setKey}
      />
      <span className="forward-actions">
        <button type="submit" className="button small primary" disabled={isPending}>
          {t("saveForward")}
        </button>
        <button type="button" className="button small" onClick={onCancel}>
          {t("cancelForward")}
        </button>
      </span>
    </form>
  );
}

type TextFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required: boolean;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  /** Dots stand for its characters, because teachers share their screen. */
  readonly isSecret?: boolean;
};

function TextField({ label, value, onChange, required, hint, isSecret = false, maxLength = 2000, placeholder }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={isSecret ? "covered-input" : ""}
        autoComplete="off"
        spellCheck={false}
        required={required}
        maxLength={maxLength}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...(placeholder ? { placeholder } : {})}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
      />
      {hint ? (
        <small id={`${id}-hint`} className="text-muted">
          {hint}
        </small>
      ) : null}
    </div>
  );
}
