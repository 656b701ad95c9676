/** Shows a text field of the form of an explanation. */
import { TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { ExplainFields } from "./explain-request.ts";

type ExplainTextProps = {
  readonly name: "person" | "url" | "ip" | "page" | "program" | "at";
  readonly type?: "text" | "datetime-local";
  readonly hint?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly fields: ExplainFields;
  readonly onChange: (fields: ExplainFields) => void;
};

export function ExplainText({ name, type = "text", hint, placeholder, required = false, fields, onChange }: ExplainTextProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t(`explain.${name}`)}
      {...(hint ? { description: hint } : {})}
      {...(placeholder ? { placeholder } : {})}
      {...{ type, name, required, autoComplete: "off", spellCheck: false }}
      value={fields[name]}
      onChange={(event) => onChange({ ...fields, [name]: event.target.value })}
    />
  );
}
