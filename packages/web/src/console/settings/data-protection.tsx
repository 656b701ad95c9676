/** Shows what a school keeps of people, and for how long. */
import { Checkbox, Radio, Stack, Textarea, Title } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { NumberField } from "./number-field.tsx";
import { type SettingsFields, VIEW_DETAILS } from "./school-settings.ts";

type DataProtectionProps = { readonly fields: SettingsFields; readonly onChange: (fields: SettingsFields) => void };

export function DataProtection({ fields, onChange }: DataProtectionProps) {
  const { t } = useTranslation();
  const keep = (value: string): void => {
    const viewDetails = VIEW_DETAILS.find((one) => one === value);
    if (viewDetails) onChange({ ...fields, viewDetails });
  };
  return (
    <>
      <Title order={2}>{t("dataProtection")}</Title>
      <Textarea
        label={t("guestConsent")}
        description={t("guestConsentHint")}
        autosize
        minRows={2}
        maxLength={5000}
        value={fields.guestConsent}
        onChange={(event) => onChange({ ...fields, guestConsent: event.target.value })}
      />
      <Radio.Group label={t("viewDetails.label")} description={t("viewDetails.hint")} value={fields.viewDetails} onChange={keep}>
        <Stack gap="xs" mt="xs">
          {VIEW_DETAILS.map((value) => (
            <Radio key={value} value={value} label={t(`viewDetails.${value}`)} description={t(`viewDetails.hints.${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        label={t("analytics.rankingSetting")}
        description={t("analytics.rankingSettingHint")}
        checked={fields.lessonRanking}
        onChange={(event) => onChange({ ...fields, lessonRanking: event.target.checked })}
      />
      <NumberField name="keepNamesDays" step="1" fields={fields} onChange={onChange} />
      <NumberField name="keepAuditDays" step="1" fields={fields} onChange={onChange} />
    </>
  );
}
