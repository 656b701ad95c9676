/** Shows the channels by which people are told of alarms: create one, test it, see why one fails. Secrets are never shown again. */
import type { AlarmChannel } from "@lectern/client";
import { Alert, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { windowName } from "../list/week-windows.ts";
import { platformQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { AlarmsPage } from "./alarms-page.tsx";
import { changedChannel, channelFields, newChannel } from "./channel-fields.ts";
import { hoursInput } from "./channel-hours.tsx";

export function AlarmChannels() {
  const { t, i18n } = useTranslation();
  const scope = useSchoolScope();
  const query = platformQuery(scope);
  const test = useTest();
  const form = {
    schools: scope.schools,
    canChoose: scope.isOperator && scope.schools.length > 0,
    schoolId: scope.school?.id ?? "",
    language: i18n.language,
    t,
    hoursInput,
  };
  const params = ({ id }: Pick<AlarmChannel, "id">) => ({ path: { alarmChannelId: id } });
  return (
    <AlarmsPage page="channels">
      <ListPage
        title={t("alarmPages.pages.channels")}
        hint={t("alarmChannels.hint")}
        queryKey={["alarm-channels", query]}
        path="/alarm-channels"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/alarm-channels", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        columns={[
          ...useColumns(),
          { label: t("alarmChannels.test"), show: (channel) => <TestButton channel={channel} onTest={test.run} /> },
        ]}
        overview={test.result}
        add={{
          fields: channelFields({ ...form, channel: null, ...(scope.isOperator ? { schoolId: query.schoolId ?? "" } : {}) }),
          save: async (values) => {
            const own = scope.isOperator ? {} : query;
            await unwrap(api().POST("/api/v1/alarm-channels", { body: { ...newChannel(values, t), ...own } }));
            return undefined;
          },
        }}
        edit={{
          fields: (channel) => channelFields({ ...form, channel, canChoose: false }),
          save: async (channel, values) => {
            const body = changedChannel(values, t);
            const header = { "If-Match": `"v${channel.version}"` };
            const path = params(channel);
            const saved = await unwrap(
              api().PATCH("/api/v1/alarm-channels/{alarmChannelId}", { params: { ...path, header }, body }),
            );
            // An address that was replaced is known to nobody any more.
            return { ...saved, target: body.target === undefined && body.secret === undefined ? channel.target : "" };
          },
          canUndo: (before, after) => before.target === after.target,
        }}
        actions={[
          ...useEnabling((channel: AlarmChannel, enabled) =>
            unwrap(api().PATCH("/api/v1/alarm-channels/{alarmChannelId}", { params: params(channel), body: { enabled } })),
          ),
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: (channel) => unwrap(api().DELETE("/api/v1/alarm-channels/{alarmChannelId}", { params: params(channel) })),
          },
        ]}
        emptyText={t("alarmChannels.empty")}
      />
    </AlarmsPage>
  );
}

function useColumns(): readonly Column<AlarmChannel>[] {
  const { t, i18n } = useTranslation();
  const time = useFormatTime();
  const { isOperator, schools } = useSchoolScope();
  const schoolOf = ({ schoolId }: AlarmChannel) =>
    schoolId === null ? t("alarmChannels.platform") : schools.find(({ id }) => id === schoolId)?.name;
  const wording = { t, language: i18n.language };
  const hoursOf = (windows: AlarmChannel["quiet"]) =>
    new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(windows.map((window) => windowName(window, wording)));
  return [
    {
      label: t("fields.name"),
      show: (channel) => (
        <span className="alarm-name">
          <strong className="wraps">{channel.name}</strong>
          <span>{t(`alarmChannels.kinds.${channel.kind}`)}</span>
          <small className="text-muted secret">{channel.target}</small>
        </span>
      ),
    },
    {
      label: t("alarmChannels.severity"),
      show: (channel) => (
        <span className="alarm-state">
          <span>{t(`alarmChannels.severities.${channel.severity}`)}</span>
          <small className="text-muted">{t(`alarmChannels.languages.${channel.language}`)}</small>
          {(["onCall", "quiet"] as const)
            .filter((name) => channel[name].length > 0)
            .map((name) => (
              <small key={name} className="text-muted wraps">
                {t(`alarmChannels.${name}Times`, { times: hoursOf(channel[name]) })}
              </small>
            ))}
          {isOperator ? <small className="text-muted wraps">{schoolOf(channel)}</small> : null}
        </span>
      ),
    },
    {
      label: t("fields.state"),
      show: ({ enabled, failures, lastError }) => (
        <span className="alarm-state">
          <span>{t(enabled ? "isEnabled" : "isDisabled")}</span>
          {failures > 0 ? (
            <span className="error wraps">{t("alarmChannels.failing", { count: failures, error: lastError ?? "" })}</span>
          ) : null}
        </span>
      ),
    },
    {
      label: t("alarmChannels.lastSent"),
      show: ({ lastSentAt }) => (lastSentAt === null ? t("alarmChannels.never") : time(lastSentAt)),
    },
  ];
}

function TestButton({ channel, onTest }: { channel: AlarmChannel; onTest: (channel: AlarmChannel) => void }) {
  const { t } = useTranslation();
  return (
    <Button variant="default" aria-label={t("alarmChannels.testOne", { name: channel.name })} onClick={() => onTest(channel)}>
      {t("alarmChannels.test")}
    </Button>
  );
}

/** Sends a test message, and says what came of it. */
function useTest() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { mutate, data, error, variables, isPending } = useMutation({
    mutationFn: ({ id }: AlarmChannel) =>
      unwrap(api().POST("/api/v1/alarm-channels/{alarmChannelId}/test", { params: { path: { alarmChannelId: id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["alarm-channels"] }),
  });
  const name = variables?.name ?? "";
  const failure = error ? errorMessage(error, t("offline")) : (data?.error ?? null);
  const result =
    variables === undefined ? null : isPending ? (
      <Alert role="status">{t("alarmChannels.testing", { name })}</Alert>
    ) : failure === null ? (
      <Alert role="status">{t("alarmChannels.taken", { name })}</Alert>
    ) : (
      <Alert color="red" role="alert">
        {t("alarmChannels.notTaken", { name, error: failure })}
      </Alert>
    );
  return { run: (channel: AlarmChannel) => mutate(channel), result };
}
