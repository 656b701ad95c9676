/** Shows the form of the first visit: names the school and creates its first teacher and a test lesson. */
import type { InvitationSlips } from "@lectern/client";
import { Button, TextField } from "@lectern/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { loadBrand } from "../../brand/brand.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { SchoolSummary } from "../school/school-context.ts";
import { zoneName } from "../school/zone-name.ts";
import { AccountHandover, newSlips } from "./account-handover.tsx";

type Answers = { readonly school: string; readonly teacher: string; readonly lesson: string };
export type FirstLesson = {
  readonly schoolId: string;
  /** Of the teacher. */
  readonly slips: InvitationSlips;
  readonly lessonId: string;
  readonly code: string;
};

/** As the first start of a server names its school. */
const UNNAMED = "School";
const QUESTIONS = ["school", "teacher", "lesson"] as const;

type FirstRunProps = {
  readonly school: SchoolSummary;
  /** Null: not yet. The page keeps it: its list of lessons is no longer empty, and the link of the teacher is shown only once. */
  readonly created: FirstLesson | null;
  readonly onCreated: (lesson: FirstLesson) => void;
};

export function FirstRun({ school, created, onCreated }: FirstRunProps) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [answers, setAnswers] = useState<Answers>({
    school: school.name === UNNAMED ? t("firstRun.sampleSchool") : school.name,
    teacher: t("firstRun.sampleTeacher"),
    lesson: t("firstRun.sampleLesson"),
  });
  const zone = browserTimeZone() ?? school.timeZone;
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsPending(true);
    try {
      onCreated(await createFirstLesson(school.id, zone, answers));
      // The frame of the console says the new name.
      await Promise.all([client.invalidateQueries({ queryKey: ["schools"] }), loadBrand()]);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    setIsPending(false);
  };
  if (created) return <Ready lesson={created} />;
  return (
    <section className="first-run">
      <h2>{t("firstRun.title")}</h2>
      <p className="text-muted">{t("firstRun.hint")}</p>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {QUESTIONS.map((name) => (
          <TextField
            key={name}
            label={t(`firstRun.${name}`)}
            required
            value={answers[name]}
            onChange={(value) => setAnswers({ ...answers, [name]: value })}
          />
        ))}
        <p className="text-muted">{t("firstRun.timeZone", { zone: zoneName(zone, i18n.language) })}</p>
        {error ? (
          <p className="error" role="alert">
            {t("failed", { message: error })}
          </p>
        ) : null}
        <Button type="submit" kind="primary" disabled={isPending}>
          {t("create")}
        </Button>
      </form>
    </section>
  );
}

function Ready({ lesson: { slips, lessonId, code } }: { lesson: FirstLesson }) {
  const { t } = useTranslation();
  return (
    <section className="first-run" role="status">
      <p>{t("firstRun.ready")}</p>
      <AccountHandover slips={slips} />
      <div className="row">
        <a className="button primary" href={`/studio/${lessonId}`}>
          {t("firstRun.openStudio")}
        </a>
        <a className="button" href={`/j/${code}`}>
          {t("firstRun.openClass")}
        </a>
      </div>
    </section>
  );
}

/** The machine of a server often stands at UTC; who sets up a school sits in its town. */
function browserTimeZone(): string | undefined {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone.includes("/") && !timeZone.startsWith("Etc/") ? timeZone : undefined;
}

async function createFirstLesson(schoolId: string, timeZone: string, answers: Answers): Promise<FirstLesson> {
  const school = { name: answers.school, timeZone };
  await unwrap(api().PATCH("/api/v1/schools/{schoolId}", { params: { path: { schoolId } }, body: school }));
  const login = `teacher${Math.floor(Math.random() * 9000 + 1000)}`;
  const user = { schoolId, login, name: answers.teacher, role: "teacher" as const };
  const teacher = await unwrap(api().POST("/api/v1/users", { body: user }));
  const lesson = await unwrap(
    api().POST("/api/v1/lessons", {
      body: { schoolId, title: answers.lesson, teacherId: teacher.id, mode: "broadcast", record: false },
    }),
  );
  return { schoolId, slips: await newSlips(schoolId, teacher.id), lessonId: lesson.id, code: lesson.code ?? "" };
}
