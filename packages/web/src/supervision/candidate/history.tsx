/** Lists what happened with a candidate, the newest first: facts, messages and notes, with their times. */
import { useTranslation } from "../../texts/use-translation.ts";
import { factWords } from "../wall/attention.ts";
import type { WallDetail } from "../wall/wall-types.ts";
import { type HistoryEntry, historyOf } from "./history-entries.ts";

type HistoryProps = {
  readonly detail: WallDetail;
  /** Plays what was recorded at a moment, milliseconds since 1970; null: nothing is recorded. */
  readonly onMoment: ((at: number) => void) | null;
};

export function History({ detail, onMoment }: HistoryProps) {
  const { t, i18n } = useTranslation();
  const entries = historyOf(detail);
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium" });
  return (
    <section className="panel-history">
      <h3>{t("wall.history")}</h3>
      <p className="text-muted">{t("wall.historyHint")}</p>
      {entries.length === 0 ? <p>{t("wall.nothingNoted")}</p> : null}
      <ol>
        {entries.map((entry) => (
          <li key={entry.key} data-kind={entry.kind}>
            {onMoment === null ? (
              <time dateTime={entry.at}>{time.format(Date.parse(entry.at))}</time>
            ) : (
              <button type="button" className="moment" onClick={() => onMoment(Date.parse(entry.at))}>
                <time dateTime={entry.at}>{time.format(Date.parse(entry.at))}</time>
                <span className="unseen">{t("wall.playMoment")}</span>
              </button>
            )}
            <Entry entry={entry} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry }: { readonly entry: HistoryEntry }) {
  const { t } = useTranslation();
  switch (entry.kind) {
    case "fact":
      return (
        <span>
          {factWords(t, entry.fact)}
          {entry.fact === "large-paste" ? ` (${t("wall.letters", { count: Number(entry.detail) })})` : null}
        </span>
      );
    case "message":
      return (
        <span>
          <span dir="auto">{entry.text}</span>
          <small>
            {t(entry.seenAt === null ? "wall.messageUnseen" : "wall.messageSeen", { name: entry.by ?? t("wall.byKey") })}
          </small>
        </span>
      );
    case "note":
      return (
        <span>
          <span dir="auto">{entry.text}</span>
          <small>{t("wall.noteBy", { name: entry.by ?? t("wall.byKey") })}</small>
        </span>
      );
  }
}
