/** Explains what the rules decide on a request, and why. */
import { Alert, Button, Group, Select, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "wouter";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { CopyChangeAsCurl } from "../../list/copy-as-curl.tsx";
import { useTimeZone } from "../../school/school-time.ts";
import { fromLocalInput, toLocalInput } from "../../school/zoned-time.ts";
import { AccessPage } from "../access-page.tsx";
import { useTargetOptions } from "../policies/use-target-options.ts";
import { ExplainAnswer } from "./explain-answer.tsx";
import { type ExplainFields, type Explanation, explainAccess, fieldsOf, PROTOCOLS, requestOf } from "./explain-request.ts";
import { ExplainText } from "./explain-text.tsx";

export function Explain() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const zone = useTimeZone();
  const target = parameters.get("target");
  const lesson = useLessonOf(target);
  const { lesson: lessons } = useTargetOptions();
  // Without the titles, the lesson that is filled in would look as if none were chosen.
  const isReady = lesson !== undefined && lessons !== undefined;
  const start = fieldsOf(parameters, toLocalInput(parameters.get("at"), zone), t("explain.anyone"));
  return (
    <AccessPage page="explain">
      <Title order={1}>{t("access.pages.explain")}</Title>
      <p className="text-muted list-hint">{t("explain.hint")}</p>
      {isReady ? (
        <ExplainForm key={target} start={lesson === null ? start : { ...start, what: "lesson", lessonId: lesson }} zone={zone} />
      ) : null}
    </AccessPage>
  );
}

/** The lesson whose stream it is: its link is not in what is known of a request. Undefined until it is known. */
function useLessonOf(target: string | null): string | null | undefined {
  const isStream = target !== null && !target.startsWith("vod/");
  const lesson = useQuery({
    queryKey: ["lesson of", target],
    queryFn: async () => {
      const query = { level: "stream", id: target ?? "" } as const;
      const { targets } = await unwrap(api().GET("/api/v1/policies/effective", { params: { query } }));
      const nearest = targets.at(-1);
      return nearest?.level === "lesson" ? nearest.id : null;
    },
    enabled: isStream,
  });
  return isStream && lesson.isPending ? undefined : (lesson.data ?? null);
}

function ExplainForm({ start, zone }: { start: ExplainFields; zone: string }) {
  const { t } = useTranslation();
  const [fields, setFields] = useState(start);
  const [answer, setAnswer] = useState<Explanation | null>(null);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      setAnswer(await explainAccess(requestOf(fields, fromLocalInput(fields.at, zone))));
      setError("");
    } catch (failure) {
      setAnswer(null);
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <>
      <form onSubmit={(event) => void submit(event)} className="fields-form">
        <WhatFields fields={fields} onChange={setFields} />
        <ExplainText name="ip" required placeholder="203.0.113.7" fields={fields} onChange={setFields} />
        <ExplainText name="page" placeholder="https://school.example/course" fields={fields} onChange={setFields} />
        <ExplainText name="program" placeholder="VLC/3.0.20" fields={fields} onChange={setFields} />
        <ExplainText name="at" type="datetime-local" hint={t("explain.atHint")} fields={fields} onChange={setFields} />
        <Group>
          <Button type="submit">{t("explain.submit")}</Button>
          {answer ? <CopyChangeAsCurl /> : null}
        </Group>
      </form>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      {answer ? <ExplainAnswer answer={answer} /> : null}
    </>
  );
}

type WhatFieldsProps = { readonly fields: ExplainFields; readonly onChange: (fields: ExplainFields) => void };

function WhatFields({ fields, onChange }: WhatFieldsProps) {
  const { t } = useTranslation();
  const { lesson: lessons = [] } = useTargetOptions();
  // A lesson of a large school may not be among those that are listed.
  const isListed = fields.lessonId === "" || lessons.some(({ value }) => value === fields.lessonId);
  return (
    <>
      <Select
        label={t("rules.for")}
        data={(["play", "publish"] as const).map((value) => ({ value, label: t(`rules.actions.${value}`) }))}
        value={fields.action}
        allowDeselect={false}
        onChange={(action) => onChange({ ...fields, action: action === "publish" ? "publish" : "play" })}
      />
      {fields.action === "play" ? <ProtocolField fields={fields} onChange={onChange} /> : null}
      <Select
        label={t("explain.what")}
        data={(["lesson", "url"] as const).map((value) => ({ value, label: t(`explain.whats.${value}`) }))}
        value={fields.what}
        allowDeselect={false}
        onChange={(what) => onChange({ ...fields, what: what === "url" ? "url" : "lesson" })}
      />
      {fields.what === "url" ? (
        <ExplainText name="url" required hint={t("explain.urlHint")} fields={fields} onChange={onChange} />
      ) : (
        <>
          <Select
            label={t("policies.levels.lesson")}
            data={isListed ? [...lessons] : [{ value: fields.lessonId, label: fields.lessonId }, ...lessons]}
            value={fields.lessonId || null}
            searchable
            required
            onChange={(lessonId) => onChange({ ...fields, lessonId: lessonId ?? "" })}
          />
          {fields.action === "play" ? (
            <ExplainText name="person" hint={t("explain.personHint")} fields={fields} onChange={onChange} />
          ) : null}
        </>
      )}
    </>
  );
}

/** Some rules refuse some ways of watching only. */
function ProtocolField({ fields, onChange }: WhatFieldsProps) {
  const { t } = useTranslation();
  const labelled = PROTOCOLS.map((value) => ({ value, label: t(`explain.protocols.${value}`) }));
  return (
    <Select
      label={t("explain.protocol")}
      data={[{ value: "", label: t("explain.protocols.any") }, ...labelled]}
      value={fields.protocol}
      allowDeselect={false}
      onChange={(chosen) => onChange({ ...fields, protocol: PROTOCOLS.find((value) => value === chosen) ?? "" })}
    />
  );
}
