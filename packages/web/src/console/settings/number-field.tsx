/** Shows a number among the settings of a school. */
import { TextInput } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import type { SettingsFields } from "./school-settings.ts";

type NumberFieldProps = {
  readonly name:
    | "keepDays"
    | "keepGigabytes"
    | "quotaGigabytes"
    | "idleMinutes"
    | "endAfterMinutes"
    | "keepNamesDays"
    | "keepAuditDays";
  readonly step: string;
  readonly fields: SettingsFields;
  readonly onChange: (fields: SettingsFields) => void;
};

export function NumberField({ name, step, fields, onChange }: NumberFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      type="number"
      min={0}
      step={step}
      required
      label={t(name)}
      description={t(`${name}Hint`)}
      value={fields[name]}
      onChange={(event) => onChange({ ...fields, [name]: event.target.value })}
    />
  );
}
