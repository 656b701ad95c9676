/** Shows a page of the console about one course: links to its parts, and the part of the address. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { Examinations } from "../exams/examinations/examinations.tsx";
import { SubPages } from "../list/sub-pages.tsx";
import { Lessons } from "../lists/lessons.tsx";
import { Recordings } from "../lists/recordings.tsx";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import "./courses.css";
import { CourseMaterials } from "./course-materials.tsx";
import { CoursePeople } from "./course-people.tsx";
import { CourseResults } from "./course-results.tsx";
import type { ShownCourse } from "./members.ts";

/** @param part as in the address; empty: its people */
export function CoursePage({ courseId, part }: { readonly courseId: string; readonly part: string }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const course = useQuery({
    queryKey: ["course", courseId],
    queryFn: () => unwrap(api().GET("/api/v1/courses/{courseId}", { params: { path: { courseId } } })),
  });
  if (course.error) return <p role="alert">{t("failed", { message: errorMessage(course.error, t("offline")) })}</p>;
  if (!course.data) return null;
  const { id, name, schoolId } = course.data;
  const parts = [
    { part: "", label: t("course.people") },
    { part: "lessons", label: t("nav.lessons") },
    { part: "materials", label: t("course.materials") },
    { part: "recordings", label: t("nav.recordings") },
    { part: "examinations", label: t("nav.examinations") },
    { part: "results", label: t("course.results") },
  ];
  const shown = parts.find((one) => one.part === part) ?? parts[0];
  const pages = parts.map((one) => ({
    label: one.label,
    path: one.part === "" ? `/courses/${id}` : `/courses/${id}/${one.part}`,
    isCurrent: one === shown,
  }));
  const title = `${name} · ${shown?.label ?? ""}`;
  return (
    <div className="course-page">
      <Link className="course-back" href={schoolPath(scope, "/courses")}>
        {t("nav.courses")}
      </Link>
      <SubPages label={t("course.pages")} pages={pages}>
        <Part key={part} part={part} course={{ id, name, schoolId }} title={title} />
      </SubPages>
    </div>
  );
}

type PartProps = { readonly part: string; readonly course: ShownCourse; readonly title: string };

function Part({ part, course, title }: PartProps) {
  if (part === "lessons") return <Lessons course={course} title={title} />;
  if (part === "materials") return <CourseMaterials course={course} title={title} />;
  if (part === "recordings") return <Recordings course={course} title={title} />;
  if (part === "examinations") return <Examinations course={course} title={title} />;
  if (part === "results") return <CourseResults course={course} title={title} />;
  return <CoursePeople course={course} title={title} />;
}
