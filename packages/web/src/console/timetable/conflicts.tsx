/** Says which teachers have two lessons at the same time in the days that are shown. */
import { Icon } from "@lectern/ui";
import { WARNING_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../texts/use-translation.ts";
import { useFormOptions } from "../lessons/use-lesson-form.tsx";
import { conflictsOf } from "./teacher-conflicts.ts";
import type { PlacedLesson } from "./use-timetable.ts";
import "./conflicts.css";

const MAX_SHOWN = 4;
/** With the day: a phone shows a month. */
const WHEN = { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" } as const;

export function Conflicts({ placed }: { readonly placed: readonly PlacedLesson[] }) {
  const { t, i18n } = useTranslation();
  const { teachers } = useFormOptions();
  const conflicts = conflictsOf(placed);
  if (conflicts.length === 0) return null;
  const nameOf = (id: string) => teachers.find(({ value }) => value === id)?.label ?? "";
  const more = conflicts.length - MAX_SHOWN;
  return (
    <div className="week-conflicts" role="status">
      <p>
        <ConflictMark /> {t("series.weekConflicts")}
      </p>
      <ul>
        {conflicts.slice(0, MAX_SHOWN).map(({ teacherId, first, second }) => (
          <li key={`${first.lesson.id} ${second.lesson.id}`}>
            {t("series.conflictLine", {
              teacher: nameOf(teacherId),
              when: second.slot.start.setLocale(i18n.language).toLocaleString(WHEN),
              first: first.lesson.title,
              second: second.lesson.title,
            })}
          </li>
        ))}
        {more > 0 ? <li>{t("series.moreConflicts", { count: more })}</li> : null}
      </ul>
    </div>
  );
}

export function ConflictMark() {
  const { t } = useTranslation();
  return (
    <span className="conflict-mark" role="img" aria-label={t("series.conflict")} title={t("series.conflict")}>
      <Icon drawing={WARNING_ICON} />
    </span>
  );
}
