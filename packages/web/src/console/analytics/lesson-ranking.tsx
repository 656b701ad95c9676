/** Shows the students and guests of a lesson, ranked by attendance, time watched or interaction. */
import type { LessonPerson } from "@lectern/client";
import { Button, Group, SegmentedControl, Stack, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type Column, ListTable } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFigures } from "./figures.ts";

const RANKINGS = ["attendance", "watched", "interaction"] as const;
type Ranking = (typeof RANKINGS)[number];
const PEOPLE_PER_PAGE = 10;

type Ranked = LessonPerson & { readonly place: number };

export function LessonRanking({ lessonId }: { readonly lessonId: string }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<Ranking>("attendance");
  const list = useInfiniteQuery({
    queryKey: ["lesson ranking", lessonId, by],
    queryFn: ({ pageParam }) => {
      const query = { by, limit: PEOPLE_PER_PAGE, ...nonEmpty({ cursor: pageParam }) };
      return unwrap(api().GET("/api/v1/reports/lessons/{lessonId}/ranking", { params: { path: { lessonId }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const people = (list.data?.pages ?? []).flatMap(({ items }) => items).map((person, i): Ranked => ({ ...person, place: i + 1 }));
  return (
    <Stack component="section" gap="sm">
      <Group justify="space-between">
        <Title order={2}>{t("analytics.ranking")}</Title>
        <SegmentedControl
          aria-label={t("analytics.rankBy")}
          value={by}
          onChange={(value) => setBy(RANKINGS.find((one) => one === value) ?? "attendance")}
          data={RANKINGS.map((value) => ({ value, label: t(`analytics.rankings.${value}`) }))}
        />
      </Group>
      {list.error ? <p role="alert">{t("failed", { message: errorMessage(list.error, t("offline")) })}</p> : null}
      <ListTable
        title={t("analytics.ranking")}
        items={people}
        columns={useColumns()}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        selection={null}
        onSelect={() => {}}
        onEdit={null}
      />
      {list.isSuccess && people.length === 0 ? <p className="text-muted">{t("analytics.nobody")}</p> : null}
      {list.hasNextPage ? (
        <Button variant="default" onClick={() => void list.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      ) : null}
    </Stack>
  );
}

function useColumns(): readonly Column<Ranked>[] {
  const { t } = useTranslation();
  const { count, time } = useFigures();
  return [
    { label: t("analytics.place"), show: ({ place }) => count(place) },
    {
      label: t("fields.personName"),
      show: ({ name, userId, role }) => {
        const shown = shownName(name, t("erasedPerson"));
        return userId !== null && role === "student" ? <Link href={`/people/${userId}/record`}>{shown}</Link> : shown;
      },
    },
    { label: t("analytics.presentTime"), show: ({ presentMs }) => time(presentMs) },
    { label: t("analytics.watched"), show: ({ watchedMs }) => time(watchedMs) },
    { label: t("analytics.lines"), show: ({ lines }) => count(lines) },
    { label: t("analytics.questions"), show: ({ questions }) => count(questions) },
    { label: t("analytics.hands"), show: ({ hands }) => count(hands) },
    { label: t("analytics.correctAnswers"), show: ({ answers, correct }) => `${count(correct)} / ${count(answers)}` },
  ];
}
