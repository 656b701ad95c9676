/** Shows a page of the console about one lesson: its title, and a part that the studio shows too. */
import type { Lesson } from "@lectern/client";
import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";

type LessonPageProps = { readonly lessonId: string; readonly show: ComponentType<{ readonly lesson: Lesson }> };

export function LessonPage({ lessonId, show: Part }: LessonPageProps) {
  const { t } = useTranslation();
  const lesson = useQuery({
    queryKey: ["lesson", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}", { params: { path: { lessonId } } })),
  });
  if (lesson.error) return <p role="alert">{t("failed", { message: errorMessage(lesson.error, t("offline")) })}</p>;
  if (!lesson.data) return null;
  return (
    <Stack maw={640}>
      <Title order={1}>{lesson.data.title}</Title>
      <Part lesson={lesson.data} />
    </Stack>
  );
}
