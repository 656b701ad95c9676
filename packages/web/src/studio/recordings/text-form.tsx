/** Shows a form of one text field and one button. */
import { type FormEvent, useId, useState } from "react";

type TextFormProps = {
  readonly label: string;
  readonly action: string;
  /** Without it, the field is cleared after each submit. */
  readonly initialText?: string;
  readonly onSubmit: (text: string) => void;
};

export function TextForm({ label, action, initialText = "", onSubmit }: TextFormProps) {
  const id = useId();
  const [text, setText] = useState(initialText);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit(text.trim());
    if (initialText === "") setText("");
  };
  return (
    <form className="row" onSubmit={submit}>
      <span className="field">
        <label htmlFor={id}>{label}</label>
        <input id={id} required maxLength={200} value={text} onChange={(event) => setText(event.target.value)} />
      </span>
      <button type="submit" className="button">
        {action}
      </button>
    </form>
  );
}
