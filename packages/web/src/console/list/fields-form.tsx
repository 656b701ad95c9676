/** A form in the page, to add an item of a list or to edit one. */
import { Alert, Button, Group, MultiSelect, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorMessage } from "../../session/error-message.ts";
import type { Option } from "./filters.tsx";

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "password" | "datetime-local" | "url" | "email";
  readonly required?: boolean;
  readonly value?: string;
  /** Makes the field a select. */
  readonly options?: readonly Option[];
  /** Several options may be chosen; the value has them with spaces between. */
  readonly multiple?: boolean;
};

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
  /** The list that is loaded again afterwards. */
  readonly queryKey: readonly unknown[];
  readonly onDone: (message: string) => void;
  readonly onCancel: () => void;
};

export function FieldsForm({ fields, onSubmit, submitLabel, queryKey, onDone, onCancel }: FieldsFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState(() => initialValues(fields));
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const message = (await onSubmit(values)) ?? "";
      await client.invalidateQueries({ queryKey: queryKey.slice(0, 1) });
      onDone(message);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="fields-form">
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      <Group>
        <Button type="submit">{submitLabel}</Button>
        <Button variant="default" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </Group>
    </form>
  );
}

function FieldInput({ field, value, onChange }: { field: Field; value: string; onChange: (value: string) => void }) {
  const { name, label, type = "text", required = false, options, multiple = false } = field;
  if (options && multiple) {
    const chosen = value.split(" ").filter((one) => one !== "");
    return (
      <MultiSelect
        label={label}
        data={[...options]}
        value={chosen}
        onChange={(values) => onChange(values.join(" "))}
        required={required}
      />
    );
  }
  if (options) {
    return (
      <Select
        label={label}
        data={[...options]}
        value={value || null}
        onChange={(selected) => onChange(selected ?? "")}
        allowDeselect={!required}
        clearable={!required}
      />
    );
  }
  return (
    <TextInput
      name={name}
      label={label}
      type={type}
      required={required}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
