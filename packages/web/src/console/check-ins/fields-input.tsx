/** Edits the questions of a check-in form. */
import { Button, Checkbox, Fieldset, Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { type CheckInField, newField, optionsOf, readFields, TYPES, writeFields } from "./form-fields.ts";

type FieldsInputProps = { readonly value: string; readonly onChange: (value: string) => void };

export function FieldsInput({ value, onChange }: FieldsInputProps) {
  const { t } = useTranslation();
  const fields = readFields(value);
  const set = (changed: readonly CheckInField[]) => onChange(writeFields(changed));
  return (
    <Fieldset legend={t("checkIns.questions")}>
      {fields.map((field, i) => (
        <FieldInput
          key={field.key}
          number={i + 1}
          field={field}
          onChange={(changed) => set(fields.map((one) => (one.key === field.key ? changed : one)))}
          onRemove={() => set(fields.filter((one) => one.key !== field.key))}
        />
      ))}
      <Button variant="default" onClick={() => set([...fields, newField(fields)])}>
        {t("checkIns.addQuestion")}
      </Button>
    </Fieldset>
  );
}

type FieldInputProps = {
  readonly number: number;
  readonly field: CheckInField;
  readonly onChange: (field: CheckInField) => void;
  readonly onRemove: () => void;
};

function FieldInput({ number, field, onChange, onRemove }: FieldInputProps) {
  const { t } = useTranslation();
  // A comma that was just typed must stay.
  const [options, setOptions] = useState(field.options.join(", "));
  return (
    <Group align="end" mb="md">
      <TextInput
        label={t("checkIns.question", { number })}
        required
        maxLength={100}
        autoComplete="off"
        value={field.label}
        onChange={(event) => onChange({ ...field, label: event.target.value })}
      />
      <Select
        label={t("checkIns.type", { number })}
        data={TYPES.map((type) => ({ value: type, label: t(`checkIns.types.${type}`) }))}
        value={field.type}
        allowDeselect={false}
        onChange={(chosen) => onChange({ ...field, type: TYPES.find((type) => type === chosen) ?? field.type })}
      />
      {field.type === "choice" ? (
        <TextInput
          label={t("checkIns.options", { number })}
          required
          autoComplete="off"
          value={options}
          onChange={(event) => {
            setOptions(event.target.value);
            onChange({ ...field, options: optionsOf(event.target.value) });
          }}
        />
      ) : null}
      <Checkbox
        label={t("checkIns.required", { number })}
        checked={field.required}
        onChange={(event) => onChange({ ...field, required: event.target.checked })}
      />
      <Button variant="default" onClick={onRemove}>
        {t("checkIns.removeQuestion", { number })}
      </Button>
    </Group>
  );
}
