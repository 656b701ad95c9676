/** Shows a field for a line of text, with its label above, and help or what is wrong below. */
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";

type TextFieldProps = Omit<ComponentPropsWithRef<"input">, "className" | "onChange"> & {
  readonly label: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  /** What is wrong with the value; it stands in the hint's place. */
  readonly error?: string;
};

export function TextField({ label, onChange, hint, error = "", id, ...rest }: TextFieldProps) {
  const made = useId();
  const ownId = id ?? made;
  const help = error || hint;
  return (
    <div className="field">
      <label htmlFor={ownId}>{label}</label>
      <input
        id={ownId}
        {...rest}
        {...(error ? { "aria-invalid": true } : {})}
        {...(help ? { "aria-describedby": `${ownId}-help` } : {})}
        onChange={(event) => onChange(event.target.value)}
      />
      {help ? (
        <small id={`${ownId}-help`} className={error ? "error" : "text-muted"}>
          {help}
        </small>
      ) : null}
    </div>
  );
}
