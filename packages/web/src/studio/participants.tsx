/** The people in the lesson, with a button to remove each. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";
import { lessonId } from "./lesson-api.ts";

const QUERY_KEY = ["participants"];
const REFETCH_MS = 3000;

export function Participants({ watching }: { watching: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const participants = useQuery({
    queryKey: QUERY_KEY,
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/participants", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  const remove = useMutation({
    mutationFn: (participantId: string) =>
      unwrap(
        api().DELETE("/api/v1/lessons/{lessonId}/participants/{participantId}", { params: { path: { lessonId, participantId } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: QUERY_KEY }),
  });
  const present = (participants.data?.items ?? []).filter(({ removedAt }) => removedAt === null);
  return (
    <section className="tile people" aria-label={t("participants")}>
      <h2>{t("participants")}</h2>
      <p className="text-muted">{t("watching", { count: watching })}</p>
      {present.length === 0 ? <p>{t("nobody")}</p> : null}
      <ul>
        {present.map(({ id, name, role }) => (
          <li key={id}>
            <span>
              {name} {role === "guest" ? <small className="text-muted">{t("guest")}</small> : null}
            </span>
            <button type="button" className="button small" aria-label={`${t("remove")}: ${name}`} onClick={() => remove.mutate(id)}>
              {t("remove")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
