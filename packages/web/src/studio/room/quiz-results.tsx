/** Shows who answered what to a quiz, and the file of all quizzes of the lesson. */

import type { Quiz } from "@lectern/room";
import { Table } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { loadCsvPages } from "../../downloads/csv-pages.ts";
import { saveCsv } from "../../downloads/save-csv.ts";
import { api, unwrap } from "../../session/api.ts";
import { shownName } from "../../texts/shown-name.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { lessonId, lessonPath } from "../lesson/lesson-api.ts";

const MAX_ROWS = 1000;

/** @param quiz closed: an answer may change before */
export function QuizResults({ quiz }: { quiz: Quiz }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (quiz.isAnonymous) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("room.results")}</summary>
      {isOpen ? <ResultTable quiz={quiz} /> : null}
    </details>
  );
}

function ResultTable({ quiz }: { quiz: Quiz }) {
  const { t } = useTranslation();
  const results = useQuery({
    queryKey: ["quiz-results", quiz.ref, quiz.state],
    queryFn: () => {
      const params = { path: { lessonId, quizId: quiz.ref }, query: { limit: MAX_ROWS } };
      return unwrap(api().GET("/api/v1/lessons/{lessonId}/quizzes/{quizId}/results", { params }));
    },
  });
  if (!results.data) return <p role="status">{results.error ? t("room.failed") : t("room.loading")}</p>;
  if (results.data.items.length === 0) return <p className="text-muted">{t("room.noResults")}</p>;
  const words = answerWords(quiz, t);
  return (
    <Table
      label={t("room.results")}
      columns={[
        { label: t("room.student"), cell: ({ name }) => shownName(name, t("room.erasedPerson")) },
        {
          label: t("room.answer"),
          cell: ({ choice, isCorrect }) => (
            <>
              {[choice].flat().map(words).join(", ")} {isCorrect ? <small>✓ {t("room.correct")}</small> : null}
            </>
          ),
        },
      ]}
      rows={results.data.items}
      keyOf={({ participantId }) => participantId}
    />
  );
}

function answerWords({ type, options }: Quiz, t: Translate): (choice: unknown) => string {
  return (choice) => {
    if (typeof choice === "boolean") return t(choice ? "room.isTrue" : "room.isFalse");
    const isPlace = (type === "single" || type === "multiple") && typeof choice === "number";
    return isPlace ? (options[choice] ?? "") : String(choice ?? "");
  };
}

export function SaveQuizzesButton() {
  const { t } = useTranslation();
  const [isFailed, setFailed] = useState(false);
  const save = async (): Promise<void> => {
    try {
      saveCsv("quizzes.csv", await exportedQuizzes());
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <p className="row start">
      <button type="button" className="button small" onClick={() => void save()}>
        {t("room.saveAnswers")}
      </button>
      {isFailed ? <span role="alert">{t("room.failed")}</span> : null}
    </p>
  );
}

function exportedQuizzes(): Promise<string> {
  return loadCsvPages((query) =>
    api().GET("/api/v1/lessons/{lessonId}/quizzes/export", { params: { ...lessonPath.params, query }, parseAs: "text" }),
  );
}
