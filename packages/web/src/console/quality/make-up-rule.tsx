/** Shows the rule of compensation of a school: a sentence with two numbers. */

import type { QualityRule } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Alert, Button, Group, Stack, Switch, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";

const DAY_MS = 86_400_000;
const RECOMPUTED_DAYS = 30;
const MINUTE_SECONDS = 60;

export function MakeUpRule({ schoolId }: { schoolId: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ["quality-rule", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/quality-rule", { params: { query: { schoolId } } })),
  });
  if (error)
    return (
      <Alert color="red" role="alert">
        {t("failed", { message: errorMessage(error, t("offline")) })}
      </Alert>
    );
  return data ? <RuleForm key={schoolId} schoolId={schoolId} rule={data} /> : null;
}

function RuleForm({ schoolId, rule }: { schoolId: string; rule: QualityRule }) {
  const { t } = useTranslation();
  const [enabled, setEnabled] = useState(rule.enabled);
  const [percent, setPercent] = useState(String(Number((100 * rule.viewerShare).toFixed(2))));
  const [minutes, setMinutes] = useState(String(Number((rule.stallSeconds / MINUTE_SECONDS).toFixed(2))));
  const { save, recompute, error, message, isSaved } = useRuleCalls(schoolId);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const stallSeconds = Math.round(Number(minutes) * MINUTE_SECONDS);
    save({ enabled, stallSeconds, viewerShare: Number(percent) / 100 });
  };
  return (
    <form onSubmit={submit} className="quality-rule" aria-label={t("quality.rule.title")}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t("quality.rule.title")}
        </Title>
        <Switch label={t("quality.rule.enabled")} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        <p className="quality-sentence">
          {t("quality.rule.before")}{" "}
          <NumberField label={t("quality.rule.share")} value={percent} onChange={setPercent} min={0} max={100} />{" "}
          {t("quality.rule.middle")}{" "}
          <NumberField label={t("quality.rule.minutes")} value={minutes} onChange={setMinutes} min={0.2} max={120} />{" "}
          {t("quality.rule.after")}
        </p>
        <p className="text-muted quality-note">{t("quality.rule.hint")}</p>
        {error ? (
          <Alert color="red" role="alert">
            {t("failed", { message: errorMessage(error, t("offline")) })}
          </Alert>
        ) : null}
        {message ? <Alert role="status">{message}</Alert> : null}
        <Group>
          <Button type="submit">{t("save")}</Button>
          {isSaved ? (
            <Button variant="default" onClick={recompute}>
              {t("quality.rule.recompute")}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

type NumberFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly min: number;
  readonly max: number;
};

function NumberField({ label, value, onChange, min, max }: NumberFieldProps) {
  return (
    <input
      type="number"
      className="quality-number"
      aria-label={label}
      required
      step="any"
      {...{ min, max, value }}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Saves the rule; then past lessons can be judged by it too. */
function useRuleCalls(schoolId: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = { query: { schoolId } };
  const saving = useMutation({
    mutationFn: (body: QualityRule) => unwrap(api().PUT("/api/v1/quality-rule", { params, body })),
    onSuccess: (_saved) => client.invalidateQueries({ queryKey: ["quality-rule"] }),
  });
  const recomputing = useMutation({
    mutationFn: () => {
      const from = new Date(serverClock.now() - RECOMPUTED_DAYS * DAY_MS).toISOString();
      return unwrap(api().POST("/api/v1/reports/recompute", { params: { query: { schoolId, from } } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["make-ups"] }),
  });
  const counted = recomputing.data ? t("quality.rule.recomputed", { count: recomputing.data.lessons }) : "";
  return {
    save: (rule: QualityRule) => {
      recomputing.reset();
      saving.mutate(rule);
    },
    recompute: () => recomputing.mutate(),
    error: saving.error ?? recomputing.error,
    message: counted || (saving.isSuccess ? t("quality.rule.saved") : ""),
    isSaved: saving.isSuccess && !recomputing.isSuccess,
  };
}
