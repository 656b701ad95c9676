/** Shows what an alarm is about, in words, with a link to where it is seen. */
import type { Alarm } from "@lectern/client";
import { Link } from "wouter";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { type SchoolScope, schoolPath, useSchoolScope } from "../school/school-context.ts";
import { type AlarmSubject, alarmSubject } from "./alarm-subject.ts";

type Named = Pick<Alarm, "subject" | "detail" | "lessonId" | "lessonTitle">;

export function SubjectName({ alarm }: { alarm: Named }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const subject = alarmSubject(alarm.subject, alarm.detail);
  const name = subjectName(alarm, scope.schools, t);
  if (alarm.lessonId !== null)
    return (
      <a className="wraps" href={`/studio/${alarm.lessonId}`}>
        {name}
      </a>
    );
  const path = pathOf(subject, scope);
  return path === null ? (
    <span className="wraps">{name}</span>
  ) : (
    <Link className="wraps" href={schoolPath(scope, path)}>
      {name}
    </Link>
  );
}

export function subjectName(alarm: Named, schools: SchoolScope["schools"], t: Translate): string {
  if (alarm.lessonTitle !== null) return alarm.lessonTitle;
  const subject = alarmSubject(alarm.subject, alarm.detail);
  switch (subject.kind) {
    case "platform":
      return t("alarmPages.platform");
    case "more":
      return t("alarmPages.moreSubjects", { count: subject.count });
    case "node":
      return subject.node;
    case "stream":
      return subject.stream;
    case "link":
      return t("alarmPages.link", { from: subject.from, to: subject.to });
    case "hop":
      return t("alarmPages.hop", { stream: subject.stream, from: subject.from, node: subject.node });
    case "probe":
      return t("alarmPages.probe", { stream: subject.stream, node: subject.node });
    case "component": {
      const { component, node } = subject;
      const name = COMPONENTS.includes(component) ? t(`monitoring.componentNames.${component}`) : component;
      return t("alarmPages.component", { component: name, node });
    }
    case "id": {
      const school = schools.find(({ id }) => id === subject.id);
      return school ? t("alarmPages.school", { name: school.name }) : subject.id;
    }
  }
}

const COMPONENTS = ["database", "bus", "storage", "ffmpeg", "certificate", "clock", "sandbox"];

/** Nodes are the operators'. */
function pathOf(subject: AlarmSubject, { isOperator }: SchoolScope): string | null {
  switch (subject.kind) {
    case "stream":
    case "hop":
      return `/streams/${subject.stream}`;
    case "probe":
      return "/probes";
    case "node":
    case "component":
      return isOperator ? `/nodes/${encodeURIComponent(subject.node)}` : null;
    case "link":
      return isOperator ? `/nodes/${encodeURIComponent(subject.to)}` : null;
    default:
      return null;
  }
}
