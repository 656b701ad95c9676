/** Shows a form in the page, to add an item of a list or to edit one. */
import { Button } from "@lectern/ui";
import { MultiSelect, Select, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Option } from "./filters.tsx";
import { formErrors } from "./form-errors.ts";

export type Field = {
  readonly name: string;
  /** The path of its value in the body of the request, which refusals name. Default: its name. */
  readonly path?: string;
  readonly label: string;
  /** Help, below the label. It may depend on the other fields. */
  readonly hint?: ReactNode | ((values: Values) => ReactNode);
  /** `lines`: a text of several lines. */
  readonly type?: "text" | "password" | "datetime-local" | "date" | "url" | "email" | "number" | "lines";
  readonly required?: boolean;
  readonly value?: string;
  /** Makes the field a select. They may depend on the other fields. */
  readonly options?: readonly Option[] | ((values: Values) => readonly Option[]);
  /** Several options may be chosen; the value has them with spaces between. */
  readonly multiple?: boolean;
  /** A select of many options, found by typing. */
  readonly searchable?: boolean;
  /** Default: always. */
  readonly isShown?: (values: Values) => boolean;
  /** It stands below the others, folded up: it has a value that most keep. */
  readonly isFolded?: boolean;
  /** A field of another kind, whose value is text too. */
  readonly input?: (value: string, onChange: (value: string) => void, around: AroundInput) => ReactNode;
};

type AroundInput = {
  readonly hint: ReactNode;
  /** What is wrong with the value. */
  readonly mistake: string | undefined;
  /** Of all fields. */
  readonly values: Values;
};

/** More options than this are not shown: the person types more. */
const MAX_FOUND = 50;

export type Values = Readonly<Record<string, string>>;

/** The values that the fields start with. */
export function initialValues(fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
}

type FieldsFormProps = {
  readonly fields: readonly Field[];
  /** Gives the message to show afterwards, if any. */
  readonly onSubmit: (values: Values) => Promise<string | undefined>;
  readonly submitLabel: string;
  /** Says what the fields mean, above the buttons. */
  readonly preview?: ((values: Values) => ReactNode) | undefined;
  /** The list that is loaded again afterwards. */
  readonly queryKey: readonly unknown[];
  readonly onDone: (message: string) => void;
  readonly onCancel: () => void;
};

export function FieldsForm({ fields, onSubmit, submitLabel, preview, queryKey, onDone, onCancel }: FieldsFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState(() => initialValues(fields));
  const [error, setError] = useState("");
  const [mistakes, setErrors] = useState<Values>({});
  const [isPending, setIsPending] = useState(false);
  const shown = fields.filter(({ isShown }) => isShown?.(values) ?? true);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setErrors({});
    // A second click would create a second item.
    setIsPending(true);
    try {
      const message = (await onSubmit(values)) ?? "";
      await client.invalidateQueries({ queryKey: queryKey.slice(0, 1) });
      onDone(message);
    } catch (failure) {
      setErrors(formErrors(failure, shown));
      setError(errorMessage(failure, t("offline")));
      setIsPending(false);
    }
  };
  const folded = shown.filter(({ isFolded }) => isFolded);
  const inputOf = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      values={values}
      mistake={mistakes[field.name]}
      onChange={(value) => {
        setValues({ ...values, [field.name]: value });
        setErrors(({ [field.name]: _, ...others }) => others);
      }}
    />
  );
  return (
    <form onSubmit={(event) => void submit(event)} className="fields-form">
      {shown.filter(({ isFolded }) => !isFolded).map(inputOf)}
      {preview?.(values)}
      {folded.length > 0 ? (
        <details className="form-more" open={folded.some(({ name }) => mistakes[name] !== undefined) || undefined}>
          <summary>{t("moreSettings")}</summary>
          <div className="form-more-fields">{folded.map(inputOf)}</div>
        </details>
      ) : null}
      {error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: error })}
        </p>
      ) : null}
      <div className="form-end">
        <Button type="submit" kind="primary" disabled={isPending}>
          {submitLabel}
        </Button>
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </form>
  );
}

type FieldInputProps = {
  readonly field: Field;
  readonly values: Values;
  /** What is wrong with its value. */
  readonly mistake: string | undefined;
  readonly onChange: (value: string) => void;
};

function FieldInput({ field, values, mistake, onChange }: FieldInputProps) {
  const { name, label, hint, type = "text", required = false, options, multiple = false, searchable = false, input } = field;
  const value = values[name] ?? "";
  const help = typeof hint === "function" ? hint(values) : hint;
  const texts = { label, ...(help ? { description: help } : {}), ...(mistake ? { error: mistake } : {}) };
  if (input) return input(value, onChange, { hint: help, mistake, values });
  if (options) {
    const data = [...(typeof options === "function" ? options(values) : options)];
    if (multiple) {
      const chosen = value.split(" ").filter((one) => one !== "");
      return (
        <MultiSelect
          {...texts}
          data={data}
          value={chosen}
          onChange={(selected) => onChange(selected.join(" "))}
          required={required}
        />
      );
    }
    return (
      <Select
        {...texts}
        data={data}
        value={value || null}
        onChange={(selected) => onChange(selected ?? "")}
        allowDeselect={!required}
        clearable={!required}
        {...(searchable ? { searchable, limit: MAX_FOUND, required } : {})}
      />
    );
  }
  const text = { ...texts, name, required, value, autoComplete: "off" };
  return type === "lines" ? (
    <Textarea {...text} autosize minRows={2} spellCheck={false} onChange={(event) => onChange(event.target.value)} />
  ) : (
    <TextInput {...text} type={type} onChange={(event) => onChange(event.target.value)} />
  );
}
