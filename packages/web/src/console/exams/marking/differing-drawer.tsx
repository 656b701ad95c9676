/** Shows the answers on which two markers differ, to those who work with the examination: what each gave, and points that count in their place. */
import type { ExamMarkingProgress } from "@lectern/client";
import { Button, Drawer, SkeletonRows } from "@lectern/ui";
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { shownName } from "../../../texts/shown-name.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { AnswerView } from "./answer-view.tsx";
import { readPoints } from "./points-text.ts";

/** The first of them: those that are decided make room. */
const SHOWN = 20;

type DifferingDrawerProps = {
  readonly examinationId: string;
  readonly question: ExamMarkingProgress["questions"][number];
  readonly onDecided: () => void;
  readonly onClose: () => void;
};

export function DifferingDrawer({ examinationId, question: { question, of }, onDecided, onClose }: DifferingDrawerProps) {
  const { t } = useTranslation();
  const path = { examinationId };
  const differing = useQuery({
    queryKey: ["answer-markings", examinationId, question],
    queryFn: async () => {
      const query = { question, state: "differing", limit: SHOWN } as const;
      const { items } = await unwrap(api().GET("/api/v1/exams/{examinationId}/markings", { params: { path, query } }));
      const answers = items.map(async (item) => {
        const attempt = { params: { path: { ...path, attemptId: item.attemptId } } };
        const detail = await unwrap(api().GET("/api/v1/exams/{examinationId}/attempts/{attemptId}", attempt));
        const value = detail.answers.find((one) => one.question === question)?.value ?? null;
        return { ...item, value, files: detail.files.filter((file) => file.question === question) };
      });
      return await Promise.all(answers);
    },
  });
  return (
    <Drawer title={t("exams.differingTitle")} closeLabel={t("close")} onClose={onClose}>
      <p className="text-muted">{t("exams.differingHint")}</p>
      {differing.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(differing.error, t("offline")) })}
        </p>
      ) : null}
      {differing.data ? null : <SkeletonRows label={t("loading")} />}
      {differing.data?.length === 0 ? <p>{t("exams.noneBetween")}</p> : null}
      {differing.data?.map(({ attemptId, value, files, markings }) => (
        <article key={attemptId} className="mark-form differing-answer">
          <AnswerView examinationId={examinationId} answer={{ attemptId, value, files }} />
          <ul>
            {markings.map(({ turn, name, points, comment }) => (
              <li key={turn}>
                {name === null ? t("exams.formerMarker") : shownName(name, t("exams.formerMarker"))}:{" "}
                <strong>{t("exams.pointCount", { count: points })}</strong> <span dir="auto">{comment}</span>
              </li>
            ))}
          </ul>
          <Decide
            of={of}
            save={async (points) => {
              await unwrap(
                api().PUT("/api/v1/exams/{examinationId}/attempts/{attemptId}/marks/{question}", {
                  params: { path: { examinationId, attemptId, question } },
                  body: { points, comment: "" },
                }),
              );
              await differing.refetch();
              onDecided();
            }}
          />
        </article>
      ))}
    </Drawer>
  );
}

function Decide({ of, save }: { readonly of: number; readonly save: (points: number) => Promise<void> }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const points = readPoints(typed, of);
    if (points === null) return setError(t("exams.pointsNeeded", { of }));
    try {
      await save(points);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <form className="mark-points" onSubmit={(event) => void submit(event)}>
      <TextInput
        label={t("exams.pointsOf", { of })}
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        {...(error ? { error } : {})}
        onChange={(event) => {
          setTyped(event.target.value);
          setError("");
        }}
      />
      <Button type="submit">{t("exams.decide")}</Button>
    </form>
  );
}
