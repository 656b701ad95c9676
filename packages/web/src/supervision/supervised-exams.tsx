/** Lists the examinations that the person supervises, from a day before they open until a day after they have closed. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Wordmark } from "../brand/wordmark.tsx";
import { LanguageButton } from "../components/language-button.tsx";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";

const REFETCH_MS = 30_000;

export function SupervisedExams() {
  const { t, i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const exams = useQuery({
    queryKey: ["supervised"],
    queryFn: () => unwrap(api().GET("/api/v1/supervision")),
    refetchInterval: REFETCH_MS,
  });
  useEffect(() => {
    document.title = t("wall.name");
  }, [t]);
  const items = exams.data?.items ?? [];
  return (
    <main className="card supervised">
      <header className="sign-in-head">
        <Wordmark />
        <LanguageButton />
      </header>
      <h1>{t("wall.name")}</h1>
      {exams.error ? (
        <p role="alert" className="error">
          {t("failed", { message: errorMessage(exams.error, t("offline")) })}
        </p>
      ) : null}
      {exams.isPending ? <p role="status">{t("loading")}</p> : null}
      {exams.data && items.length === 0 ? <p role="status">{t("wall.none")}</p> : null}
      <ul>
        {items.map(({ id, title, opensAt, closesAt, groups }) => (
          <li key={id}>
            <a href={`/supervision/${encodeURIComponent(id)}`} dir="auto">
              {title}
            </a>
            <small className="text-muted">
              {format.formatRange(Date.parse(opensAt), Date.parse(closesAt))}
              {groups === null ? null : ` · ${groups.map(({ name }) => name).join(", ")}`}
            </small>
          </li>
        ))}
      </ul>
    </main>
  );
}
