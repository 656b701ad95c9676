/** What a school is called, which clock it goes by, who may join its lessons, where its administrators may come from, and what it keeps. */
import { Alert, Button, Checkbox, Stack, Textarea, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useSchoolScope } from "./school/school-context.ts";

export function Settings() {
  const { t } = useTranslation();
  const { school } = useSchoolScope();
  const schoolId = school?.id ?? "";
  const read = useQuery({
    queryKey: ["school", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}", { params: { path: { schoolId } } })),
    enabled: schoolId !== "",
  });
  return (
    <Stack maw={560}>
      <Title order={1}>{t("nav.settings")}</Title>
      {schoolId === "" ? <p>{t("chooseSchool")}</p> : null}
      {read.data ? <Form key={read.data.version} school={read.data} /> : null}
    </Stack>
  );
}

const BYTES_OF_A_GIGABYTE = 1e9;

type School = {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly guests: boolean;
  readonly adminNetworks: readonly string[];
  readonly keepDays: number;
  readonly keepBytes: number;
  readonly quotaBytes: number;
  readonly version: number;
};

function Form({ school }: { school: School }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { isOperator } = useSchoolScope();
  const [fields, setFields] = useState({
    name: school.name,
    timeZone: school.timeZone,
    guests: school.guests,
    networks: school.adminNetworks.join("\n"),
    keepDays: String(school.keepDays),
    keepGigabytes: String(school.keepBytes / BYTES_OF_A_GIGABYTE),
    quotaGigabytes: String(school.quotaBytes / BYTES_OF_A_GIGABYTE),
  });
  const space = useQuery({
    queryKey: ["space", school.id],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}/space", { params: { path: { schoolId: school.id } } })),
  });
  const [trouble, setTrouble] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { name, timeZone, guests, networks, keepDays, keepGigabytes, quotaGigabytes } = fields;
    const bytesOf = (gigabytes: string) => Math.round(Number(gigabytes) * BYTES_OF_A_GIGABYTE);
    const body = {
      ...{ name, timeZone, guests },
      adminNetworks: networks.split(/\s+/).filter((network) => network !== ""),
      keepDays: Number(keepDays),
      keepBytes: bytesOf(keepGigabytes),
      ...(isOperator ? { quotaBytes: bytesOf(quotaGigabytes) } : {}),
    };
    try {
      // Somebody else may have changed it since it was read; then nothing is overwritten.
      const params = { path: { schoolId: school.id }, header: { "If-Match": `"v${school.version}"` } };
      await unwrap(api().PATCH("/api/v1/schools/{schoolId}", { params, body }));
      await client.invalidateQueries({ queryKey: ["school"] });
      await client.invalidateQueries({ queryKey: ["schools"] });
    } catch (error) {
      setTrouble(errorMessage(error, t("offline")));
    }
  };
  const number = (name: "keepDays" | "keepGigabytes" | "quotaGigabytes", step: string) => (
    <TextInput
      type="number"
      min={0}
      step={step}
      required
      label={t(name)}
      description={t(`${name}Hint`)}
      value={fields[name]}
      onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
    />
  );
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TextInput
          label={t("fields.name")}
          required
          value={fields.name}
          onChange={(event) => setFields({ ...fields, name: event.target.value })}
        />
        <TextInput
          label={t("fields.timeZone")}
          required
          value={fields.timeZone}
          onChange={(event) => setFields({ ...fields, timeZone: event.target.value })}
        />
        <Checkbox
          label={t("guests")}
          checked={fields.guests}
          onChange={(event) => setFields({ ...fields, guests: event.target.checked })}
        />
        <Textarea
          label={t("networks")}
          description={t("networksHint")}
          autosize
          minRows={2}
          value={fields.networks}
          onChange={(event) => setFields({ ...fields, networks: event.target.value })}
        />
        <Title order={2}>{t("nav.recordings")}</Title>
        {space.data ? <p>{t("spaceUsed", { gigabytes: (space.data.bytes / BYTES_OF_A_GIGABYTE).toFixed(1) })}</p> : null}
        {number("keepDays", "1")}
        {number("keepGigabytes", "any")}
        {isOperator ? number("quotaGigabytes", "any") : null}
        {trouble ? (
          <Alert color="red" role="alert">
            {t("refused", { words: trouble })}
          </Alert>
        ) : null}
        <Button type="submit">{t("save")}</Button>
      </Stack>
    </form>
  );
}
