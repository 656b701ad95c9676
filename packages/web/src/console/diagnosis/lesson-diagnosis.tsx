/** Shows why a lesson went badly at one moment: what most of its viewers' troubles have in common, who had them, and the way to the one hit most. */

import type { Experience } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Select, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { worstMinutes } from "../experience/lesson-minutes.ts";
import { useExperience } from "../experience/use-experience.ts";
import { useUrlFilter } from "../list/filters.tsx";
import { ListTable } from "../list/list-table.tsx";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { DiagnosisStrips } from "./diagnosis-strips.tsx";
import { Verdict } from "./verdict.tsx";
import { useDiagnosis } from "./view-diagnosis.tsx";

const MAX_MINUTES = 30;
const HALF_MINUTE_MS = 30_000;
/** What single viewers tell comes later than the sums. */
const FRESH_MS = 150_000;
const REFETCH_MS = 10_000;
const isFresh = (moment: string | null) => moment !== null && serverClock.now() - Date.parse(moment) < FRESH_MS;

export function LessonDiagnosis({ lessonId }: { readonly lessonId: string }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const time = useFormatTime();
  const [at, setAt] = useUrlFilter("at");
  const why = useLessonDiagnosis(lessonId, at);
  const experience = useExperience(lessonId);
  if (why.error) return <p role="alert">{t("failed", { message: errorMessage(why.error, t("offline")) })}</p>;
  if (!why.data) return <p role="status">{t("loading")}</p>;
  const { affected, viewers, verdict, places, views, at: moment } = why.data;
  // The strips are of a viewer whom the verdict is about.
  const shown = views.find(({ place }) => place === verdict.place) ?? null;
  return (
    <Stack>
      <Link href={schoolPath(scope, `/lessons/${lessonId}/experience`)}>{t("experience.title")}</Link>
      <Title order={1}>{moment === null ? t("why.lessonTitle") : t("why.lessonTitleAt", { time: time(moment) })}</Title>
      <MinuteSelect minutes={experience.data?.minutes ?? []} at={at || moment} onChange={setAt} />
      <Verdict verdict={verdict}>
        <Text>{t("why.affected", { affected, viewers })}</Text>
        {isFresh(moment) ? <Text className="text-muted">{t("why.fresh")}</Text> : null}
        {Object.keys(places).length > 1 ? (
          <ul className="why-evidence">
            {Object.entries(places).map(([place, count]) => (
              <li key={place}>{t("why.placeCount", { place: t(`why.places.${place}`), count })}</li>
            ))}
          </ul>
        ) : null}
      </Verdict>
      {views.length > 0 ? <AffectedViews views={views} at={moment} /> : null}
      {shown ? <ShownViewer viewId={shown.viewId} name={shown.name} at={moment} /> : null}
    </Stack>
  );
}

function useLessonDiagnosis(lessonId: string, at: string) {
  return useQuery({
    queryKey: ["lesson why", lessonId, at],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/why", { params: { path: { lessonId }, query: at === "" ? {} : { at } } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isFresh(state.data?.at ?? null) ? REFETCH_MS : false),
  });
}

type MinuteSelectProps = {
  readonly minutes: Experience["minutes"];
  readonly at: string | null;
  readonly onChange: (at: string) => void;
};

/** The minutes in which pictures stood still, the worst first. */
function MinuteSelect({ minutes, at, onChange }: MinuteSelectProps) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const worst = worstMinutes(minutes, MAX_MINUTES);
  if (worst.length === 0) return null;
  const middle = (minute: string) => new Date(Date.parse(minute) + HALF_MINUTE_MS).toISOString();
  const options = worst.map((minute) => ({
    value: middle(minute.at),
    label: t("why.minute", { time: time(minute.at), seconds: Math.round(minute.stallMs / 1000) }),
  }));
  const shown = options.find(({ value }) => value === at)?.value ?? null;
  return (
    <Select
      maw={420}
      label={t("why.chooseMinute")}
      data={options}
      value={shown}
      onChange={(value) => onChange(value ?? "")}
      allowDeselect={false}
    />
  );
}

type AffectedView = {
  readonly viewId: string;
  readonly name: string | null;
  readonly node: string;
  readonly stallMs: number;
  readonly place: string;
  readonly certainty: string;
};

function AffectedViews({ views, at }: { readonly views: readonly AffectedView[]; readonly at: string | null }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const path = (viewId: string) => schoolPath(scope, `/why/${viewId}${at === null ? "" : `?at=${encodeURIComponent(at)}`}`);
  const nameOf = ({ name }: AffectedView) => name ?? t("experience.anonymous");
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("why.affectedViewers")}
      </Title>
      <ListTable
        title={t("why.affectedViewers")}
        items={views}
        keyOf={({ viewId }) => viewId}
        nameOf={nameOf}
        selection={null}
        onSelect={() => {}}
        onEdit={null}
        columns={[
          { label: t("experience.viewer"), show: (view) => <Link href={path(view.viewId)}>{nameOf(view)}</Link> },
          {
            label: t("experience.stalled"),
            show: ({ stallMs }) => t("experience.seconds", { seconds: (stallMs / 1000).toFixed(1) }),
          },
          { label: t("experience.node"), show: ({ node }) => node },
          { label: t("why.cause"), show: ({ place }) => t(`why.places.${place}`) },
          { label: t("why.certainty"), show: ({ certainty }) => t(`why.certainties.${certainty}`) },
        ]}
      />
    </Stack>
  );
}

function ShownViewer({ viewId, name, at }: { viewId: string; name: string | null; at: string | null }) {
  const { t } = useTranslation();
  const why = useDiagnosis(viewId, at);
  if (!why.data) return null;
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("why.wayOf", { name: name ?? t("experience.anonymous") })}
      </Title>
      <DiagnosisStrips key={`${viewId} ${why.data.from}`} why={why.data} />
    </Stack>
  );
}
