/** A form in the page, for something new or for what is there already. */
import { Alert, Button, Group, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorMessage } from "../../session/error-message.ts";

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "password" | "datetime-local" | "url" | "email";
  readonly required?: boolean;
  readonly value?: string;
  /** A choice instead of text. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
};

export type Values = Readonly<Record<string, string>>;

export function FieldsForm({
  fields,
  submit,
  submitLabel,
  of,
  onDone,
  onCancel,
}: {
  fields: readonly Field[];
  /** What it gives is said afterwards. */
  submit: (values: Values) => Promise<string | undefined>;
  submitLabel: string;
  /** The list that is different afterwards. */
  of: readonly unknown[];
  onDone: (said: string) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState<Values>(Object.fromEntries(fields.map(({ name, value = "" }) => [name, value])));
  const [trouble, setTrouble] = useState("");
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const said = (await submit(values)) ?? "";
      await client.invalidateQueries({ queryKey: of.slice(0, 1) });
      onDone(said);
    } catch (error) {
      setTrouble(errorMessage(error, t("offline")));
    }
  };
  return (
    <form onSubmit={(event) => void send(event)} className="fields-form">
      {fields.map(({ name, label, type = "text", required = false, options }) =>
        options ? (
          <Select
            key={name}
            label={label}
            data={options.map((option) => ({ ...option }))}
            value={values[name] || null}
            onChange={(value) => setValues({ ...values, [name]: value ?? "" })}
            allowDeselect={!required}
            clearable={!required}
          />
        ) : (
          <TextInput
            key={name}
            name={name}
            label={label}
            type={type}
            required={required}
            autoComplete="off"
            value={values[name] ?? ""}
            onChange={(event) => setValues({ ...values, [name]: event.target.value })}
          />
        ),
      )}
      {trouble ? (
        <Alert color="red" role="alert">
          {t("refused", { words: trouble })}
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
