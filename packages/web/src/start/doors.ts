/** Provides the first view of the start page: a code for those who learn, the sign-in for those who teach, and the next lessons and examinations of who is signed in. */
import type { Lesson, OwnExamination } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { CODE_PATTERN, lessonCode, NAME_PATTERN } from "../class/lesson-code.ts";
import { formatDateTime, type Language } from "../language.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { box, codeField, link, text } from "./elements.ts";
import { START_MESSAGES } from "./messages.ts";
import { nextExams } from "./next-exams.ts";
import { LISTED_MS, lessonPage, nextLessons, RETRY_MS } from "./next-lessons.ts";

const MAX_ASKED = 50;
const MAX_LESSONS = 5;
const MAX_EXAMS = 3;

/** @param value what was asked for, and is no name of a stream */
export function showDoors(page: HTMLElement, language: Language, value: string): void {
  const messages = START_MESSAGES[language];
  document.title = `${messages.title} · Lectern`;
  const teach = isSignedIn() ? null : teachBox(language);
  const second = teach ?? box("door", text("h2", messages.yourLessons), text("p", messages.loading));
  const other = box("other-doors", link("/tv", messages.television, "button quiet"));
  page.replaceChildren(box("doors", joinBox(language, value), second), other);
  if (teach === null) void showLessons(second, language);
  if (matchMedia("(hover: hover)").matches) page.querySelector("input")?.focus();
}

function joinBox(language: Language, value: string): HTMLElement {
  const messages = START_MESSAGES[language];
  const { field, input } = codeField({
    id: "stream",
    label: messages.code,
    hint: messages.codeHint,
    value,
    pattern: `${NAME_PATTERN}|${CODE_PATTERN}`,
  });
  const form = document.createElement("form");
  form.className = "join-form";
  form.action = "/";
  form.addEventListener("submit", (event) => {
    const code = lessonCode(input.value);
    if (code === null) return;
    event.preventDefault();
    location.assign(`/j/${code}`);
  });
  form.append(field, text("button", messages.join, "button primary"));
  return box("door", text("h1", messages.learn), text("p", messages.lead), form);
}

function teachBox(language: Language): HTMLElement {
  const messages = START_MESSAGES[language];
  return box("door", text("h2", messages.teach), text("p", messages.teachLead), link("/console", messages.signIn));
}

async function showLessons(into: HTMLElement, language: Language): Promise<void> {
  const messages = START_MESSAGES[language];
  try {
    const [lessons, exams] = await Promise.all([nextLessons(LISTED_MS, MAX_ASKED), nextExams(MAX_ASKED)]);
    if (lessons === null) return into.replaceWith(teachBox(language));
    // What goes on now is first, and has the button.
    const next = lessons.toSorted((a, b) => Number(b.state === "live") - Number(a.state === "live")).slice(0, MAX_LESSONS);
    const list = document.createElement("ul");
    list.className = "next-lessons";
    list.append(
      ...exams.slice(0, MAX_EXAMS).map((exam) => examRow(exam, language)),
      ...next.map((lesson) => lessonRow(lesson, language)),
    );
    const none = text("p", messages.noLessons);
    into.replaceChildren(
      text("h2", messages.yourLessons),
      list.childElementCount === 0 ? none : list,
      link("/console", messages.allLessons),
    );
  } catch {
    into.replaceChildren(text("h2", messages.yourLessons), text("p", messages.offline), link("/console", messages.allLessons));
    setTimeout(() => void showLessons(into, language), RETRY_MS);
  }
}

function lessonRow(lesson: Lesson, language: Language): HTMLElement {
  const { title, state, startsAt } = lesson;
  const messages = START_MESSAGES[language];
  const row = document.createElement("li");
  const isLive = state === "live";
  const time = isLive ? text("span", messages.live, "live") : text("time", startsAt ? formatDateTime(startsAt, language) : "");
  row.append(time, link(lessonPage(lesson), title, isLive ? "button primary" : ""));
  return row;
}

function examRow({ title, code, state, opensAt, closesAt }: OwnExamination, language: Language): HTMLElement {
  const messages = START_MESSAGES[language];
  const row = document.createElement("li");
  const hasBegun = state === "open" && Date.parse(opensAt) <= serverClock.now();
  const time = hasBegun
    ? messages.examUntil.replace("{{time}}", formatDateTime(closesAt, language))
    : formatDateTime(opensAt, language);
  const name = messages.exam.replace("{{title}}", () => title);
  row.append(text("time", time), link(`/exam/${encodeURIComponent(code)}`, name, hasBegun ? "button primary" : ""));
  return row;
}
