/** Shows a field for a password, with a box to show what was typed (OWASP ASVS 4.0, 2.1.12). */
import { type ReactNode, useState } from "react";

type PasswordFieldProps = {
  readonly id: string;
  readonly label: string;
  /** Of the box that shows the password. */
  readonly showLabel: string;
  readonly autoComplete: "current-password" | "new-password";
  readonly minLength?: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the password has to be like. */
  readonly hint?: ReactNode;
};

export function PasswordField({ id, label, showLabel, autoComplete, minLength, value, onChange, hint }: PasswordFieldProps) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={isShown ? "text" : "password"}
        required
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        {...(minLength === undefined ? {} : { minLength })}
        {...(hint === undefined ? {} : { "aria-describedby": `${id}-hint` })}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint === undefined ? null : (
        <small id={`${id}-hint`} className="text-muted">
          {hint}
        </small>
      )}
      <label className="show-password">
        <input type="checkbox" checked={isShown} onChange={(event) => setIsShown(event.target.checked)} /> {showLabel}
      </label>
    </div>
  );
}
