/**
 * Shows how one lesson reached its viewers, against the goals, also by carrier; and whether a make-up lesson is proposed. For the studio and the
 * console.
 */

import type { LessonQuality as Quality } from "@lectern/client";
import { Table } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../session/api.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { QualityFigures } from "./quality-figures.tsx";
import { isQualityGood, shareText } from "./quality-goals.ts";
import "./lesson-quality.css";

const REFETCH_MS = 30_000;

type Figures = NonNullable<Quality["total"]>;

/** How the lesson reached people, for a page that shows all of it at once. */
export function useLessonQuality(id: string) {
  return useQuery({
    queryKey: ["lesson-quality", id],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/quality", { params: { path: { lessonId: id } } })),
    refetchInterval: REFETCH_MS,
  });
}

export function LessonQuality({ lesson: { id } }: { readonly lesson: { readonly id: string } }) {
  const { t } = useTranslation();
  const { data } = useLessonQuality(id);
  if (!data) return null;
  return (
    <section className="tile lesson-quality" aria-label={t("lessonQuality.title")}>
      <h2>{t("lessonQuality.title")}</h2>
      {data.computedAt === null ? (
        <p className="text-muted">{t("lessonQuality.pending")}</p>
      ) : data.total === null ? (
        <p className="text-muted">{t("lessonQuality.nobody")}</p>
      ) : (
        <Shown quality={data} total={data.total} />
      )}
    </section>
  );
}

function Shown({ quality: { carriers, makeUp }, total }: { quality: Quality; total: Figures }) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        <strong>{t(isQualityGood(total) ? "lessonQuality.good" : "lessonQuality.short")}</strong>
        {makeUp === null ? null : ` ${t(`lessonQuality.makeUp.${makeUp}`)}`}
      </p>
      <QualityFigures total={total} />
      {carriers.length > 1 ? <Carriers rows={carriers} /> : null}
    </>
  );
}

function Carriers({ rows }: { rows: Quality["carriers"] }) {
  const { t, i18n } = useTranslation();
  const share = (value: number | null) => shareText(value, i18n.language);
  return (
    <details>
      <summary>{t("lessonQuality.carriers")}</summary>
      <Table
        label={t("lessonQuality.carriers")}
        columns={[
          {
            label: t("lessonQuality.carrier"),
            cell: ({ name }) =>
              name === "" ? t("lessonQuality.unknown") : t(`lessonQuality.carrierNames.${name}`, { defaultValue: name }),
          },
          { label: t("lessonQuality.viewers"), cell: ({ viewers }) => viewers, isNumber: true },
          { label: t("lessonQuality.completed"), cell: ({ completionRate }) => share(completionRate), isNumber: true },
          { label: t("lessonQuality.complaints"), cell: ({ complaintRate }) => share(complaintRate), isNumber: true },
          { label: t("lessonQuality.stalled"), cell: ({ stallRatio }) => share(stallRatio), isNumber: true },
        ]}
        rows={rows}
        keyOf={({ key }) => key}
      />
    </details>
  );
}
