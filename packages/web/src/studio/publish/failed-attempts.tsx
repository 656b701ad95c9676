/** Shows who tried in vain to publish the lesson's stream: the encoder, which is told as well, shows little of it. */
import { useTranslation } from "../../texts/use-translation.ts";
import { useFailedAttempts } from "../lesson/use-stream.ts";

export function FailedAttempts() {
  const { t, i18n } = useTranslation();
  const attempts = useFailedAttempts();
  if (attempts.length === 0) return null;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium" });
  return (
    <section role="status" aria-label={t("publishing.attempts.title")}>
      <h2>{t("publishing.attempts.title")}</h2>
      <ul className="failed-attempts">
        {attempts.map(({ at, ip, agent, code, detail }) => (
          <li key={`${at} ${ip}`} data-code={code}>
            <strong>{detail}</strong>{" "}
            <span className="text-muted">
              {time.format(new Date(at))} · {agent === "" ? t("publishing.attempts.unknownSoftware") : agent} · {ip}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
