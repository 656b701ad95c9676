/** Shows who sits an examination now: how far they are, their time, and what was noted. Gives more time, and ends an attempt. */
import type { ExamAttempt, Examination } from "@lectern/client";
import { Badge, type MenuItem, showToast } from "@lectern/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { clockText } from "../../../exam/attempt/clock-text.ts";
import { isSupervised } from "../../../exam/supervision/is-supervised.ts";
import { useNow } from "../../../schedule/use-now.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { SelectFilter, useUrlFilter } from "../../list/filters.tsx";
import { ListPage } from "../../list/list-page.tsx";
import type { Column } from "../../list/list-table.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { WallLink } from "../supervision/wall-link.tsx";
import { AttemptDrawer } from "./attempt-drawer.tsx";
import { factWords } from "./fact-words.ts";

const REFETCH_MS = 4000;
const STATES = ["waiting", "sitting", "handed-in"] as const;
const TONES = { waiting: "neutral", sitting: "on-air", "handed-in": "success" } as const;
const EXTRA_MINUTES = [5, 10, 15] as const;

export function ExamRun({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const state = useUrlFilter("state");
  const [shown, setShown] = useState<ExamAttempt | null>(null);
  const query = nonEmpty({ state: STATES.find((one) => one === state[0]) });
  return (
    <>
      {isSupervised(exam.supervision) ? <WallLink exam={exam} /> : null}
      <ListPage
        title={t("exams.run")}
        hint={t("exams.runHint")}
        queryKey={["exam-attempts", exam.id, query]}
        path={`/exams/${exam.id}/attempts`}
        query={query}
        load={(cursor) =>
          unwrap(
            api().GET("/api/v1/exams/{examinationId}/attempts", {
              params: { path: { examinationId: exam.id }, query: { ...query, ...nonEmpty({ cursor }) } },
            }),
          )
        }
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        filters={
          <SelectFilter
            label={t("fields.state")}
            options={STATES.map((value) => ({ value, label: t(`exams.states.${value}`) }))}
            filter={state}
          />
        }
        columns={useColumns(setShown)}
        rowActions={useRowActions(exam)}
        emptyText={t("exams.nobodyYet")}
        refetchMs={REFETCH_MS}
      />
      {shown ? <AttemptDrawer exam={exam} attempt={shown} onClose={() => setShown(null)} /> : null}
    </>
  );
}

/** @param onOpen shows what is known of an attempt */
function useColumns(onOpen: (attempt: ExamAttempt) => void): readonly Column<ExamAttempt>[] {
  const { t } = useTranslation();
  const now = useNow();
  const timeOf = ({ endsAt, state: at }: ExamAttempt) =>
    at === "sitting" && endsAt !== null ? clockText(Math.max(0, Math.ceil((Date.parse(endsAt) - now) / 1000))) : "";
  return [
    {
      label: t("fields.name"),
      show: (attempt) => (
        <button type="button" className="link-button" onClick={() => onOpen(attempt)}>
          {attempt.name}
        </button>
      ),
    },
    {
      label: t("fields.state"),
      show: (attempt) => <Badge tone={TONES[attempt.state]}>{t(`exams.states.${attempt.state}`)}</Badge>,
    },
    { label: t("exams.answered"), show: ({ answered }) => answered },
    {
      label: t("exams.timeLeft"),
      show: (attempt) => `${timeOf(attempt)}${attempt.extraSeconds > 0 ? ` (+${Math.round(attempt.extraSeconds / 60)})` : ""}`,
    },
    {
      label: t("exams.noted"),
      show: ({ facts }) => (
        <span className="fact-counts">
          {Object.entries(facts).map(([fact, count]) => (
            <Badge key={fact}>{`${factWords(t, fact)} ${count}`}</Badge>
          ))}
        </span>
      ),
    },
  ];
}

function useRowActions(exam: Examination): (attempt: ExamAttempt) => readonly MenuItem[] {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = async ({ id, name }: ExamAttempt, body: { extraSeconds?: number; end?: true }): Promise<void> => {
    try {
      await unwrap(
        api().PATCH("/api/v1/exams/{examinationId}/attempts/{attemptId}", {
          params: { path: { examinationId: exam.id, attemptId: id } },
          body,
        }),
      );
      showToast(t(body.end ? "exams.endedOf" : "exams.extendedOf", { name }));
      await client.invalidateQueries({ queryKey: ["exam-attempts", exam.id] });
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
  };
  return (attempt) =>
    attempt.state === "handed-in" && attempt.handedInBy !== "time"
      ? []
      : [
          ...EXTRA_MINUTES.map((minutes) => ({
            label: t("exams.extend", { count: minutes }),
            run: () => void change(attempt, { extraSeconds: attempt.extraSeconds + minutes * 60 }),
          })),
          ...(attempt.state === "handed-in"
            ? []
            : [{ label: t("exams.endNow"), isDanger: true, run: () => void change(attempt, { end: true }) }]),
        ];
}
