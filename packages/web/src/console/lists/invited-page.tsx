/** The console's page of the people who are invited to a lesson. */
import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { InvitedPeople } from "../../invited/invited-people.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";

export function InvitedPage({ lessonId }: { lessonId: string }) {
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
      <InvitedPeople lesson={lesson.data} />
    </Stack>
  );
}
