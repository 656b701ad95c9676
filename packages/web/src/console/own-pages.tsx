/** Shows the console for people who are not administrators: their lessons and account; for teachers and assistants also what concerns their lessons. */
import { ToastRegion } from "@lectern/ui";
import type { ReactNode } from "react";
import { Link, Route, Switch } from "wouter";
import { Wordmark } from "../brand/wordmark.tsx";
import { LanguageButton } from "../components/language-button.tsx";
import { loadedLater } from "../components/loaded-later.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { Account } from "./account/account.tsx";
import { LessonAnalytics } from "./analytics/lesson-analytics.tsx";
import { OwnRecord } from "./analytics/own-record.tsx";
import { StudentRecord } from "./analytics/student-record.tsx";
import "./experience/experience.css";
import { LessonDiagnosis } from "./diagnosis/lesson-diagnosis.tsx";
import { ViewDiagnosis } from "./diagnosis/view-diagnosis.tsx";
import { ExamPage } from "./exams/examinations/exam-page.tsx";
import { Examinations } from "./exams/examinations/examinations.tsx";
import { MarkerPage } from "./exams/marking/marker-page.tsx";
import { MarkingAssignments } from "./exams/marking/marking-assignments.tsx";
import { PaperPage } from "./exams/papers/paper-page.tsx";
import { Papers } from "./exams/papers/papers.tsx";
import { LessonExperience } from "./experience/lesson-experience.tsx";
import { SignOutButton } from "./frame/sign-out-button.tsx";
import { MyLessons } from "./my-lessons.tsx";
import { MyExaminations } from "./own-exams/my-examinations.tsx";
import { NextExaminations } from "./own-exams/next-examinations.tsx";
import { QuestionBank } from "./question-bank/question-bank.tsx";

// They come with the questions and how they are typeset.
const BookOfWrongAnswers = loadedLater(async () => (await import("./mistakes/book-of-mistakes.tsx")).BookOfWrongAnswers);
const RecordingSearch = loadedLater(
  async () => (await import("../recorded-words/recording-search.tsx")).RecordingSearch,
  FieldToCome,
);
const OwnResult = loadedLater(async () => (await import("./own-exams/own-result.tsx")).OwnResult);

const LESSON_STAFF = ["teacher", "assistant"];

/** @param id of the person; null: there is none */
export function OwnPages({ id, role }: { id: string | null; role: string }) {
  const { t } = useTranslation();
  const isStaff = LESSON_STAFF.includes(role);
  const isStudent = role === "student" && id !== null;
  const own = <OwnHome role={role} isStudent={isStudent} />;
  if (isStudent) return <StudentPages userId={id}>{own}</StudentPages>;
  if (!isStaff) return own;
  return (
    <Switch>
      <Route path="/question-bank">
        <main className="bank-page">
          <Link href="/">{t("myLessons")}</Link>
          <QuestionBank canChange={role === "teacher"} />
        </main>
      </Route>
      {role === "teacher" ? (
        <Route path="/examinations/*?">
          <main className="bank-page">
            <Link href="/">{t("myLessons")}</Link>
            <ExaminationPages />
            <ToastRegion dismissLabel={t("dismiss")} />
          </main>
        </Route>
      ) : null}
      <Route path="/marking/:id">{({ id: examinationId }) => <OwnMarking examinationId={examinationId} />}</Route>
      <Route path="/lessons/:id/experience">
        {({ id }) => (
          <OwnPage>
            <LessonExperience lessonId={id} />
          </OwnPage>
        )}
      </Route>
      <Route path="/lessons/:id/why">
        {({ id }) => (
          <OwnPage>
            <LessonDiagnosis lessonId={id} />
          </OwnPage>
        )}
      </Route>
      <Route path="/lessons/:id/analytics">
        {({ id: lessonId }) => (
          <OwnPage>
            <LessonAnalytics lessonId={lessonId} />
          </OwnPage>
        )}
      </Route>
      <Route path="/people/:id/record">
        {({ id: userId }) => (
          <OwnPage>
            <StudentRecord userId={userId} isOwn={false} />
          </OwnPage>
        )}
      </Route>
      <Route path="/people/:id/mistakes">
        {({ id: userId }) => (
          <OwnPage>
            <BookOfWrongAnswers userId={userId} isOwn={false} />
          </OwnPage>
        )}
      </Route>
      <Route path="/why/:id">
        {({ id }) => (
          <OwnPage>
            <ViewDiagnosis viewId={decodeURIComponent(id)} />
          </OwnPage>
        )}
      </Route>
      <Route>{own}</Route>
    </Switch>
  );
}

/** @param children the page at other addresses */
function StudentPages({ userId, children }: { readonly userId: string; readonly children: ReactNode }) {
  return (
    <Switch>
      <Route path="/record">
        <OwnPage>
          <OwnRecord userId={userId} />
        </OwnPage>
      </Route>
      <Route path="/mistakes">
        <OwnPage>
          <BookOfWrongAnswers userId={userId} isOwn />
        </OwnPage>
      </Route>
      <Route path="/examinations">
        <OwnPage>
          <MyExaminations />
        </OwnPage>
      </Route>
      <Route path="/examinations/:id">
        {({ id: examinationId }) => (
          <OwnPage>
            <OwnResult examinationId={examinationId} />
          </OwnPage>
        )}
      </Route>
      <Route>{children}</Route>
    </Switch>
  );
}

function OwnHome({ role, isStudent }: { readonly role: string; readonly isStudent: boolean }) {
  const { t } = useTranslation();
  const isStaff = LESSON_STAFF.includes(role);
  return (
    <main className="card">
      <Wordmark />
      <Switch>
        <Route path="/account" component={Account} />
        <Route>
          <RecordingSearch />
          <MyLessons isStaff={isStaff}>{isStudent ? <NextExaminations /> : null}</MyLessons>
        </Route>
      </Switch>
      {isStaff ? <Link href="/question-bank">{t("nav.question-bank")}</Link> : null}
      {isStaff ? <MarkingAssignments /> : null}
      {role === "teacher" ? <Link href="/examinations">{t("nav.examinations")}</Link> : null}
      {isStudent ? <Link href="/examinations">{t("ownExams.title")}</Link> : null}
      {isStudent ? <Link href="/mistakes">{t("mistakes.title")}</Link> : null}
      {isStudent ? <Link href="/record">{t("analytics.myRecord")}</Link> : null}
      <Link href="/account">{t("account")}</Link>
      <Leaving />
    </main>
  );
}

function OwnMarking({ examinationId }: { readonly examinationId: string }) {
  const { t } = useTranslation();
  return (
    <main className="bank-page">
      <Link href="/">{t("myLessons")}</Link>
      <MarkerPage examinationId={examinationId} />
    </main>
  );
}

function ExaminationPages() {
  return (
    <Switch>
      <Route path="/examinations">{() => <Examinations />}</Route>
      <Route path="/examinations/papers" component={Papers} />
      <Route path="/examinations/papers/:id">{({ id }) => <PaperPage paperId={id} />}</Route>
      <Route path="/examinations/:id/:part?">{({ id, part = "" }) => <ExamPage examinationId={id} part={part} />}</Route>
    </Switch>
  );
}

function Leaving() {
  return (
    <div className="row">
      <LanguageButton />
      <SignOutButton />
    </div>
  );
}

function OwnPage({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="own-page">
      <Link href="/">{t("myLessons")}</Link>
      {children}
    </main>
  );
}

/** What comes later moves nothing. */
function FieldToCome() {
  return <div className="field-to-come" />;
}
