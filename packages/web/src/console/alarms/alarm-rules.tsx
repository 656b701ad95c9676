/** Shows operators the rules of alarms, each in a sentence; create, change, silence, disable. */

import type { AlarmRule } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { useEnabling } from "../list/enabling.ts";
import type { Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFormatTime, useTimeZone } from "../school/school-time.ts";
import { alarmName } from "./alarm-name.ts";
import { AlarmsPage } from "./alarms-page.tsx";
import { KINDS } from "./measured.ts";
import { ruleFields } from "./rule-fields.ts";
import { ruleSentence } from "./rule-sentence.ts";
import { changedRule, newRule, SEVERITIES, typedRule } from "./rule-values.ts";
import { SeverityBadge } from "./severity-badge.tsx";

const SILENCE_MS = 8 * 3_600_000;

export function AlarmRules() {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const channels = useChannels();
  const options = { t, zone, channels };
  return (
    <AlarmsPage page="rules">
      <ListPage
        title={t("alarmPages.pages.rules")}
        hint={t("alarmRules.hint")}
        queryKey={["alarm-rules"]}
        path="/alarm-rules"
        load={(cursor) => unwrap(api().GET("/api/v1/alarm-rules", { params: { query: { limit: 100, ...nonEmpty({ cursor }) } } }))}
        arrange={byUrgency}
        keyOf={({ id }) => id}
        nameOf={(rule) => ruleName(rule, t)}
        columns={useColumns(channels)}
        add={{
          fields: ruleFields(null, options),
          preview: (values) => <Preview values={values} rule={null} />,
          save: async (values) => {
            await unwrap(api().POST("/api/v1/alarm-rules", { body: newRule(values, zone) }));
            return undefined;
          },
        }}
        edit={{
          fields: (rule) => ruleFields(rule, options),
          preview: (rule, values) => <Preview values={values} rule={rule} />,
          save: (rule, values) => {
            const params = { ...pathOf(rule), header: { "If-Match": `"v${rule.version}"` } };
            return unwrap(
              api().PATCH("/api/v1/alarm-rules/{alarmRuleId}", { params, body: changedRule(values, rule.metric, zone) }),
            );
          },
        }}
        actions={useActions()}
      />
    </AlarmsPage>
  );
}

/** Rules that operators have made first, then the most urgent ones, by what they judge. */
function byUrgency(rules: readonly AlarmRule[]): readonly AlarmRule[] {
  const rank = ({ code, severity, kind, metric }: AlarmRule) =>
    `${code === "rule" ? 0 : 1} ${SEVERITIES.length - SEVERITIES.indexOf(severity)} ${KINDS.indexOf(kind)} ${metric}`;
  return rules.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The server's own rules are named in the reader's language. */
function ruleName({ code, name }: AlarmRule, t: Translate): string {
  return alarmName({ code, ruleName: name }, t);
}

function Preview({ values, rule }: { values: Values; rule: AlarmRule | null }) {
  const { t, i18n } = useTranslation();
  const typed = typedRule(values, rule, useTimeZone());
  if (typed === null) return null;
  return (
    <p className="alarm-preview" role="status">
      {ruleSentence(typed, t, i18n.language)}
    </p>
  );
}

/** The platform's and the schools' channels, to choose from. */
function useChannels(): readonly Option[] {
  const { data } = useQuery({
    queryKey: ["alarm-channels", "all"],
    queryFn: () => unwrap(api().GET("/api/v1/alarm-channels", { params: { query: { limit: 1000 } } })),
  });
  return (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

function useColumns(channels: readonly Option[]): readonly Column<AlarmRule>[] {
  const { t, i18n } = useTranslation();
  const time = useFormatTime();
  const isSilent = ({ silentUntil }: AlarmRule) => silentUntil !== null && Date.parse(silentUntil) > serverClock.now();
  return [
    {
      label: t("alarmRules.rule"),
      show: (rule) => (
        <span className="alarm-name">
          <strong className="wraps">{ruleName(rule, t)}</strong>
          <SeverityBadge severity={rule.severity} />
          {rule.code === "rule" ? <small className="text-muted">{t("alarmRules.own")}</small> : null}
          {rule.code !== "rule" && rule.version > 1 ? <small className="text-muted">{t("alarmRules.changed")}</small> : null}
        </span>
      ),
    },
    {
      label: t("alarmRules.means"),
      show: (rule) => <span className="alarm-sentence">{ruleSentence(rule, t, i18n.language)}</span>,
    },
    {
      label: t("fields.state"),
      show: (rule) => (
        <span className="alarm-state">
          <span>{t(rule.enabled ? "isEnabled" : "isDisabled")}</span>
          {isSilent(rule) ? <small>{t("alarmRules.silent", { time: time(rule.silentUntil) })}</small> : null}
          {rule.channelIds.length > 0 ? <small className="text-muted">{namesOf(rule.channelIds, channels)}</small> : null}
        </span>
      ),
    },
  ];
}

function namesOf(ids: readonly string[], channels: readonly Option[]): string {
  return ids.map((id) => channels.find(({ value }) => value === id)?.label ?? id).join(", ");
}

function useActions(): readonly BulkAction<AlarmRule>[] {
  const { t } = useTranslation();
  const change = (rule: Pick<AlarmRule, "id">, body: { enabled: boolean } | { silentUntil: string | null }) =>
    unwrap(api().PATCH("/api/v1/alarm-rules/{alarmRuleId}", { params: pathOf(rule), body }));
  const restore = (rule: AlarmRule) => change(rule, { silentUntil: rule.silentUntil });
  const isSilent = ({ silentUntil }: AlarmRule) => silentUntil !== null && Date.parse(silentUntil) > serverClock.now();
  return [
    {
      label: t("alarmRules.silence"),
      doneMessage: (count) => t("alarmRules.silenced", { count }),
      run: (rule) => change(rule, { silentUntil: new Date(serverClock.now() + SILENCE_MS).toISOString() }),
      undo: restore,
    },
    {
      label: t("alarmRules.endSilence"),
      doneMessage: (count) => t("alarmRules.silenceEnded", { count }),
      run: (rule) => change(rule, { silentUntil: null }),
      undo: restore,
      appliesTo: isSilent,
    },
    ...useEnabling((rule: AlarmRule, enabled) => change(rule, { enabled })),
    {
      label: t("deletePermanently"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: (rule) => unwrap(api().DELETE("/api/v1/alarm-rules/{alarmRuleId}", { params: pathOf(rule) })),
      appliesTo: ({ code }) => code === "rule",
    },
  ];
}

function pathOf({ id }: Pick<AlarmRule, "id">) {
  return { path: { alarmRuleId: id } };
}
