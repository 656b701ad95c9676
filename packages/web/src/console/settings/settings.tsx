/** Shows the settings of a school: name, time zone, guests, networks of administrators, retention and quota of recordings, data protection. */
import { SkeletonRows } from "@lectern/ui";
import { Alert, Button, Checkbox, Select, Stack, Textarea, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useSchoolScope } from "../school/school-context.ts";
import { zoneOptions } from "../school/zone-options.ts";
import { DataProtection } from "./data-protection.tsx";
import { FourEyes } from "./four-eyes.tsx";
import { NumberField } from "./number-field.tsx";
import { QualitySettings } from "./quality-settings.tsx";
import { fieldsOf, gigabytes, type SchoolSettings, type SettingsFields, settingsOf } from "./school-settings.ts";
import { SettingsPage } from "./settings-page.tsx";

/** More are not shown at once: the person types more. */
const MAX_ZONES = 50;

type School = SchoolSettings & { readonly id: string; readonly version: number };

export function Settings() {
  const { t } = useTranslation();
  const schoolId = useSchoolScope().school?.id ?? "";
  const school = useQuery({
    queryKey: ["school", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}", { params: { path: { schoolId } } })),
    enabled: schoolId !== "",
  });
  return (
    <SettingsPage page="general">
      <Stack maw={560}>
        <Title order={1}>{t("nav.settings")}</Title>
        {schoolId === "" ? <p>{t("selectSchool")}</p> : null}
        {school.isLoading ? <SkeletonRows rows={8} label={t("loading")} /> : null}
        {school.data ? <SettingsForm key={school.data.version} school={school.data} /> : null}
        {school.data ? <FourEyes schoolId={schoolId} /> : null}
      </Stack>
    </SettingsPage>
  );
}

type FieldProps = { readonly fields: SettingsFields; readonly onChange: (fields: SettingsFields) => void };

function SettingsForm({ school }: { school: School }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { isOperator } = useSchoolScope();
  const [fields, setFields] = useState(() => fieldsOf(school));
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      // The server refuses the change when the settings have changed since they were read.
      const params = { path: { schoolId: school.id }, header: { "If-Match": `"v${school.version}"` } };
      await unwrap(api().PATCH("/api/v1/schools/{schoolId}", { params, body: settingsOf(fields, isOperator) }));
      await client.invalidateQueries({ queryKey: ["school"] });
      await client.invalidateQueries({ queryKey: ["schools"] });
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <GeneralFields fields={fields} onChange={setFields} />
        <NumberField name="endAfterMinutes" step="1" fields={fields} onChange={setFields} />
        <QualitySettings schoolId={school.id} fields={fields} onChange={setFields} />
        <Title order={2}>{t("nav.providers")}</Title>
        <Checkbox
          label={t("passwordSignIn")}
          description={t("passwordSignInHint")}
          checked={fields.passwordSignIn}
          onChange={(event) => setFields({ ...fields, passwordSignIn: event.target.checked })}
        />
        <Checkbox
          label={t("secondFactor.school")}
          description={t("secondFactor.schoolHint")}
          checked={fields.secondFactor}
          onChange={(event) => setFields({ ...fields, secondFactor: event.target.checked })}
        />
        <NumberField name="idleMinutes" step="1" fields={fields} onChange={setFields} />
        <Title order={2}>{t("nav.recordings")}</Title>
        <StorageUsage schoolId={school.id} />
        <NumberField name="keepDays" step="1" fields={fields} onChange={setFields} />
        <NumberField name="keepGigabytes" step="any" fields={fields} onChange={setFields} />
        {isOperator ? <NumberField name="quotaGigabytes" step="any" fields={fields} onChange={setFields} /> : null}
        <DataProtection fields={fields} onChange={setFields} />
        {error ? (
          <Alert color="red" role="alert">
            {t("failed", { message: error })}
          </Alert>
        ) : null}
        <Button type="submit">{t("save")}</Button>
      </Stack>
    </form>
  );
}

function GeneralFields({ fields, onChange }: FieldProps) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <TextInput
        label={t("fields.name")}
        required
        value={fields.name}
        onChange={(event) => onChange({ ...fields, name: event.target.value })}
      />
      <Select
        label={t("fields.timeZone")}
        required
        searchable
        limit={MAX_ZONES}
        nothingFoundMessage={t("noZone")}
        allowDeselect={false}
        data={[...zoneOptions(fields.timeZone, i18n.language)]}
        value={fields.timeZone}
        onChange={(zone) => onChange({ ...fields, timeZone: zone ?? fields.timeZone })}
      />
      <Checkbox
        label={t("guests")}
        checked={fields.guests}
        onChange={(event) => onChange({ ...fields, guests: event.target.checked })}
      />
      <Textarea
        label={t("networks")}
        description={t("networksHint")}
        autosize
        minRows={2}
        value={fields.networks}
        onChange={(event) => onChange({ ...fields, networks: event.target.value })}
      />
    </>
  );
}

function StorageUsage({ schoolId }: { schoolId: string }) {
  const { t } = useTranslation();
  const space = useQuery({
    queryKey: ["space", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}/space", { params: { path: { schoolId } } })),
  });
  return space.data ? <p>{t("spaceUsed", { gigabytes: gigabytes(space.data.bytes).toFixed(1) })}</p> : null;
}
