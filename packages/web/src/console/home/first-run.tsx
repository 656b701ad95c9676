/** The form of the first visit: names the school and creates its first teacher and a test lesson. */
import { Alert, Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import type { SchoolSummary } from "../school/school-context.ts";
import { randomPassword } from "./random-password.ts";

type Answers = { readonly school: string; readonly teacher: string; readonly lesson: string };
type FirstLesson = {
  readonly teacherName: string;
  readonly login: string;
  readonly password: string;
  readonly lessonId: string;
  readonly code: string;
};

const QUESTIONS = ["school", "teacher", "lesson"] as const;

export function FirstRun({ school }: { school: SchoolSummary }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [answers, setAnswers] = useState<Answers>({
    school: school.name,
    teacher: t("firstRun.sampleTeacher"),
    lesson: t("firstRun.sampleLesson"),
  });
  const [created, setCreated] = useState<FirstLesson | null>(null);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      setCreated(await createFirstLesson(school.id, answers));
      await client.invalidateQueries({ queryKey: ["schools"] });
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  if (created) return <Ready lesson={created} />;
  return (
    <Card withBorder component="form" onSubmit={(event: FormEvent) => void submit(event)} maw={560}>
      <Stack>
        <Title order={2}>{t("firstRun.title")}</Title>
        <Text className="text-muted">{t("firstRun.hint")}</Text>
        {QUESTIONS.map((name) => (
          <TextInput
            key={name}
            label={t(`firstRun.${name}`)}
            required
            value={answers[name]}
            onChange={(event) => setAnswers({ ...answers, [name]: event.target.value })}
          />
        ))}
        {error ? <Alert color="red">{t("failed", { message: error })}</Alert> : null}
        <Button type="submit">{t("create")}</Button>
      </Stack>
    </Card>
  );
}

function Ready({ lesson: { teacherName, login, password, lessonId, code } }: { lesson: FirstLesson }) {
  const { t } = useTranslation();
  return (
    <Alert role="status">
      <Stack>
        <Text>{t("firstRun.ready", { name: teacherName, login, password })}</Text>
        <Group>
          <Button component="a" href={`/studio/${lessonId}`}>
            {t("firstRun.openStudio")}
          </Button>
          <Button component="a" variant="default" href={`/j/${code}`}>
            {t("firstRun.openClass")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

async function createFirstLesson(schoolId: string, answers: Answers): Promise<FirstLesson> {
  await unwrap(api().PATCH("/api/v1/schools/{schoolId}", { params: { path: { schoolId } }, body: { name: answers.school } }));
  const password = randomPassword();
  const login = `teacher${Math.floor(Math.random() * 9000 + 1000)}`;
  const user = { schoolId, login, name: answers.teacher, role: "teacher" as const, password };
  const teacher = await unwrap(api().POST("/api/v1/users", { body: user }));
  const lesson = await unwrap(
    api().POST("/api/v1/lessons", {
      body: { schoolId, title: answers.lesson, teacherId: teacher.id, mode: "broadcast", record: false },
    }),
  );
  return { teacherName: teacher.name, login, password, lessonId: lesson.id, code: lesson.code ?? "" };
}
