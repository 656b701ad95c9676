/** Shows one alarm: what, since when, who takes care of it, and what was measured around it. */

import type { Alarm, AlarmRule } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Alert, Button, Group, Stack, Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { TimePlot } from "../../plots/time-plot.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { CopyListAsCurl } from "../list/copy-as-curl.tsx";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime, useTimeZone } from "../school/school-time.ts";
import { useAcknowledge } from "./acknowledge.ts";
import { Acknowledger } from "./acknowledger.tsx";
import { alarmDetail } from "./alarm-detail.ts";
import { alarmName } from "./alarm-name.ts";
import { AlarmsPage } from "./alarms-page.tsx";
import { unitOf, valueText } from "./measured.ts";
import { metricName, ruleSentence } from "./rule-sentence.ts";
import { seenPlot } from "./seen-plot.ts";
import { SeverityBadge } from "./severity-badge.tsx";
import { SubjectName } from "./subject-name.tsx";

const REFETCH_MS = 5000;
const PLOT_HEIGHT = 240;
const MINUTE_MS = 60_000;

type DetailedAlarm = Awaited<ReturnType<typeof loadAlarm>>;

export function AlarmPage({ alarmId }: { alarmId: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["alarms", "one", alarmId],
    queryFn: () => loadAlarm(alarmId),
    refetchInterval: REFETCH_MS,
  });
  return (
    <AlarmsPage page="alarms">
      {query.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(query.error, t("offline")) })}
        </Alert>
      ) : null}
      {query.isPending ? <p role="status">{t("inProgress")}</p> : null}
      {query.data ? <Shown alarm={query.data} /> : null}
    </AlarmsPage>
  );
}

function loadAlarm(alarmId: string) {
  return unwrap(api().GET("/api/v1/alarms/{alarmId}", { params: { path: { alarmId } } }));
}

function Shown({ alarm }: { alarm: DetailedAlarm }) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAcknowledge();
  const isAcknowledged = alarm.acknowledgedAt !== null;
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={1}>{alarmName(alarm, t)}</Title>
          <SeverityBadge severity={alarm.severity} />
        </Group>
        <Group>
          <CopyListAsCurl path={`/alarms/${alarm.id}`} query={{}} />
          <Button
            {...(isAcknowledged ? { variant: "default" } : {})}
            disabled={isPending}
            onClick={() => mutate({ alarms: [alarm], acknowledged: !isAcknowledged })}
          >
            {t(isAcknowledged ? "alarmPages.takeBack" : "alarmPages.acknowledge")}
          </Button>
        </Group>
      </Group>
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(error, t("offline")) })}
        </Alert>
      ) : null}
      <Facts alarm={alarm} />
      <Seen alarm={alarm} />
    </Stack>
  );
}

function Facts({ alarm }: { alarm: DetailedAlarm }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const detail = alarmDetail(alarm, { t, time });
  return (
    <dl className="alarm-facts">
      <Fact name={t("fields.subject")}>
        <SubjectName alarm={alarm} />
      </Fact>
      {detail === "" ? null : <Fact name={t("fields.detail")}>{detail}</Fact>}
      <Fact name={t("fields.since")}>{time(alarm.raisedAt)}</Fact>
      <Fact name={t("fields.until")}>{alarm.clearedAt === null ? <strong>{t("isActive")}</strong> : time(alarm.clearedAt)}</Fact>
      <Fact name={t("alarmPages.lasted")}>{lastedText(alarm, t)}</Fact>
      <Fact name={t("alarmPages.acknowledged")}>
        <Acknowledger alarm={alarm} />
      </Fact>
      {alarm.ruleId === null ? null : <RuleFact ruleId={alarm.ruleId} />}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How long the alarm was, or is, open. */
function lastedText({ raisedAt, clearedAt }: Alarm, t: Translate): string {
  const until = clearedAt === null ? serverClock.now() : Date.parse(clearedAt);
  const minutes = Math.max(1, Math.round((until - Date.parse(raisedAt)) / MINUTE_MS));
  const hours = Math.floor(minutes / 60);
  return t(hours === 0 ? "alarmPages.duration.minutes" : "alarmPages.duration.hours", { hours, minutes: minutes % 60 });
}

/** What the rule means; only operators may read rules. */
function RuleFact({ ruleId }: { ruleId: string }) {
  const { t, i18n } = useTranslation();
  const scope = useSchoolScope();
  const { data } = useQuery({
    queryKey: ["alarm-rules", "one", ruleId],
    queryFn: () => unwrap(api().GET("/api/v1/alarm-rules/{alarmRuleId}", { params: { path: { alarmRuleId: ruleId } } })),
    enabled: scope.isOperator,
  });
  if (!data) return null;
  const rule: AlarmRule = data;
  return (
    <Fact name={t("alarmPages.rule")}>
      <Link href={schoolPath(scope, "/alarms/rules")}>{ruleSentence(rule, t, i18n.language)}</Link>
    </Fact>
  );
}

function Seen({ alarm: { seen, raisedAt, clearedAt } }: { alarm: DetailedAlarm }) {
  const { t, i18n } = useTranslation();
  const zone = useTimeZone();
  if (seen === null) return <p className="text-muted">{t("alarmPages.nothingSeen")}</p>;
  const { times, values, threshold, band } = seenPlot(seen, raisedAt, clearedAt);
  const name = metricName(seen.metric, t);
  const others = Object.entries(seen.others);
  return (
    <>
      <Stack component="section" gap="xs" aria-label={t("alarmPages.seen")}>
        <Title order={2} size="h4">
          {t("alarmPages.seen")}
        </Title>
        <p className="text-muted alarm-hint">{t("alarmPages.seenHint")}</p>
        <TimePlot
          title={name}
          unit={unitOf(seen.metric)}
          times={times}
          lines={[{ label: name, values }, ...(threshold ? [{ label: t("alarmPages.threshold"), values: threshold }] : [])]}
          bands={[band]}
          timeZone={zone}
          height={PLOT_HEIGHT}
        />
      </Stack>
      {others.length > 0 ? (
        <Stack component="section" gap="xs" aria-label={t("alarmPages.others")}>
          <Title order={2} size="h4">
            {t("alarmPages.others")}
          </Title>
          <p className="text-muted alarm-hint">{t("alarmPages.othersHint")}</p>
          <Table className="alarm-others">
            <Table.Tbody>
              {others.map(([metric, value]) => (
                <Table.Tr key={metric}>
                  <Table.Th scope="row">{metricName(metric, t)}</Table.Th>
                  <Table.Td>{valueText(metric, value, i18n.language)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      ) : null}
    </>
  );
}
