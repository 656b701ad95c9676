/** Edits who marks which questions of an examination, and which are marked twice. */
import type { ExamMarkingProgress } from "@lectern/client";
import { Button, Drawer, SkeletonRows } from "@lectern/ui";
import { Checkbox, CloseButton, Fieldset, MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { schoolQuery, useSchoolScope } from "../../school/school-context.ts";
import { addedMarker, type DraftPlan, draftOf, planOf } from "./plan-draft.ts";
import { readPoints } from "./points-text.ts";
import { shortText } from "./short-text.ts";

const ROLES = ["teacher", "assistant", "administrator"] as const;
/** Of each role; more are found by their names. */
const LISTED = 50;
const MOST_POINTS = 100;

type Questions = ExamMarkingProgress["questions"];
type PlanDrawerProps = { readonly examinationId: string; readonly questions: Questions; readonly onClose: () => void };

export function PlanDrawer({ examinationId, questions, onClose }: PlanDrawerProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = { params: { path: { examinationId } } };
  const plan = useQuery({
    queryKey: ["marking-plan", examinationId],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/marking-plan", params)),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = async (draft: DraftPlan): Promise<void> => {
    await unwrap(api().PUT("/api/v1/exams/{examinationId}/marking-plan", { ...params, body: planOf(draft) }));
    for (const key of ["marking-plan", "marking-progress", "marking-assignment"])
      void client.invalidateQueries({ queryKey: [key, examinationId] });
    onClose();
  };
  return (
    <Drawer title={t("exams.planMarking")} closeLabel={t("close")} onClose={onClose}>
      {plan.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(plan.error, t("offline")) })}
        </p>
      ) : null}
      {plan.data ? (
        <PlanForm initial={draftOf(plan.data)} questions={questions} save={save} />
      ) : (
        <SkeletonRows label={t("loading")} />
      )}
    </Drawer>
  );
}

type PlanFormProps = {
  readonly initial: DraftPlan;
  readonly questions: Questions;
  readonly save: (draft: DraftPlan) => Promise<void>;
};

function PlanForm({ initial, questions, save }: PlanFormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(initial);
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (draft.double.some(({ tolerance }) => readPoints(tolerance, MOST_POINTS) === null))
      return setError(t("exams.mayDifferNeeded"));
    setIsBusy(true);
    try {
      await save(draft);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
      setIsBusy(false);
    }
  };
  return (
    <form className="mark-form" onSubmit={(event) => void submit(event)}>
      <MarkerRows
        markers={draft.markers}
        questions={questions}
        onChange={(markers) => {
          setDraft({ ...draft, markers });
          setError("");
        }}
      />
      <Fieldset legend={t("exams.markedTwice")} className="plan-double">
        <p className="text-muted">{t("exams.markedTwiceSetting")}</p>
        {questions.map(({ question, text }) => (
          <DoubleRow
            key={question}
            text={shortText(text)}
            tolerance={draft.double.find((one) => one.question === question)?.tolerance ?? null}
            onChange={(tolerance) => {
              const others = draft.double.filter((one) => one.question !== question);
              setDraft({ ...draft, double: tolerance === null ? others : [...others, { question, tolerance }] });
              setError("");
            }}
          />
        ))}
      </Fieldset>
      <ScoredQuestions
        scored={draft.scored}
        questions={questions}
        onChange={(scored) => {
          setDraft({ ...draft, scored });
          setError("");
        }}
      />
      {error ? (
        <p className="error-box" role="alert">
          {error}
        </p>
      ) : null}
      <div className="form-end">
        <Button type="submit" kind="primary" disabled={isBusy}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}

type MarkerRowsProps = {
  readonly markers: DraftPlan["markers"];
  readonly questions: Questions;
  readonly onChange: (markers: DraftPlan["markers"]) => void;
};

function MarkerRows({ markers, questions, onChange }: MarkerRowsProps) {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const [search, setSearch] = useState("");
  const staff = useQuery({
    queryKey: ["marking-staff", scope, search],
    queryFn: async () => {
      const query = { ...scope, limit: LISTED, ...(search === "" ? {} : { search }) };
      const pages = ROLES.map((role) => unwrap(api().GET("/api/v1/users", { params: { query: { ...query, role } } })));
      return (await Promise.all(pages)).flatMap(({ items }) => items);
    },
    placeholderData: (before) => before,
  });
  const others = (staff.data ?? []).filter(({ id }) => !markers.some(({ userId }) => userId === id));
  return (
    <Fieldset legend={t("exams.markers")}>
      <p className="text-muted">{t("exams.markersHint")}</p>
      {markers.map((marker) => (
        <div key={marker.userId} className="plan-marker">
          <strong>{marker.name}</strong>
          <MultiSelect
            aria-label={t("exams.questionsOf", { name: marker.name })}
            placeholder={marker.questions.length === 0 ? t("exams.allQuestions") : ""}
            data={questions.map(({ question, text }) => ({ value: question, label: shortText(text) }))}
            value={[...marker.questions]}
            onChange={(chosen) =>
              onChange(markers.map((one) => (one.userId === marker.userId ? { ...one, questions: chosen } : one)))
            }
          />
          <CloseButton
            size={44}
            iconSize={18}
            aria-label={t("exams.removeMarker", { name: marker.name })}
            onClick={() => onChange(markers.filter(({ userId }) => userId !== marker.userId))}
          />
        </div>
      ))}
      <Select
        label={t("exams.addMarker")}
        searchable
        data={others.map(({ id, name, login }) => ({ value: id, label: `${name} (${login})` }))}
        value={null}
        searchValue={search}
        onSearchChange={setSearch}
        filter={({ options }) => options}
        nothingFoundMessage={t("exams.nobodyFound")}
        onChange={(chosen) => {
          const person = others.find(({ id }) => id === chosen);
          if (person) onChange(addedMarker(markers, person));
          setSearch("");
        }}
      />
    </Fieldset>
  );
}

type DoubleRowProps = {
  readonly text: string;
  /** As it is typed; null: one person marks it. */
  readonly tolerance: string | null;
  readonly onChange: (tolerance: string | null) => void;
};

function DoubleRow({ text, tolerance, onChange }: DoubleRowProps) {
  const { t } = useTranslation();
  return (
    <div className="plan-question">
      <Checkbox
        checked={tolerance !== null}
        label={<span dir="auto">{text}</span>}
        onChange={(event) => onChange(event.target.checked ? "1" : null)}
      />
      {tolerance === null ? null : (
        <TextInput
          label={t("exams.mayDiffer")}
          inputMode="decimal"
          autoComplete="off"
          value={tolerance}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}

type ScoredQuestionsProps = {
  readonly scored: readonly string[];
  readonly questions: Questions;
  readonly onChange: (scored: readonly string[]) => void;
};

function ScoredQuestions({ scored, questions, onChange }: ScoredQuestionsProps) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t("exams.scoringService")} className="plan-double">
      <p className="text-muted">{t("exams.scoredHint")}</p>
      {questions.map(({ question, text }) => (
        <Checkbox
          key={question}
          checked={scored.includes(question)}
          label={<span dir="auto">{shortText(text)}</span>}
          onChange={(event) => {
            const others = scored.filter((one) => one !== question);
            onChange(event.target.checked ? [...others, question] : others);
          }}
        />
      ))}
    </Fieldset>
  );
}
