/** Who is in the lesson; whoever disturbs is taken out. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";

export function Participants({ lessonId, watching }: { lessonId: string; watching: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const people = useQuery({
    queryKey: ["people"],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/participants", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: 3000,
  });
  const remove = useMutation({
    mutationFn: (participantId: string) =>
      unwrap(
        api().DELETE("/api/v1/lessons/{lessonId}/participants/{participantId}", { params: { path: { lessonId, participantId } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["people"] }),
  });
  const here = (people.data?.items ?? []).filter(({ removedAt }) => removedAt === null);
  return (
    <section className="tile people" aria-label={t("people")}>
      <h2>{t("people")}</h2>
      <p className="text-muted">{t("watching", { count: watching })}</p>
      {here.length === 0 ? <p>{t("nobody")}</p> : null}
      <ul>
        {here.map(({ id, name, role }) => (
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
