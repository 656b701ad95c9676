/** Shows the pages of the console, by their addresses. All but the first are loaded when they are opened, and Mantine with them. */
import { SkeletonRows } from "@lectern/ui";
import type { ComponentType } from "react";
import { Route, Switch } from "wouter";
import { loadedLater } from "../components/loaded-later.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { NoSuchPage } from "./frame/no-such-page.tsx";
import { Home } from "./home/home.tsx";

/** A page that is loaded when it is opened, and again where that fails: a line that breaks leaves no empty window. */
function page<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return loadedLater(load, Loading);
}

function Loading() {
  const { t } = useTranslation();
  return <SkeletonRows label={t("loading")} />;
}

export const MantineFrame = page(async () => (await import("./mantine/mantine-frame.tsx")).MantineFrame);
const Forwards = page(async () => (await import("../forwards/forwards.tsx")).Forwards);
export const BigScreen = page(async () => (await import("./monitoring/big-screen.tsx")).BigScreen);
export const OwnPages = page(async () => (await import("./own-pages.tsx")).OwnPages);
export const RequiredFactor = page(async () => (await import("./account/required-factor.tsx")).RequiredFactor);
const InvitedPeople = page(async () => (await import("../invited/invited-people.tsx")).InvitedPeople);
const LessonQuality = page(async () => (await import("../lesson-quality/lesson-quality.tsx")).LessonQuality);
const Explain = page(async () => (await import("./access/explain/explain.tsx")).Explain);
const LinkKeys = page(async () => (await import("./access/keys/link-keys.tsx")).LinkKeys);
const AddressLists = page(async () => (await import("./access/lists/address-lists.tsx")).AddressLists);
const Policies = page(async () => (await import("./access/policies/policies.tsx")).Policies);
const PolicyPage = page(async () => (await import("./access/policies/policy-page.tsx")).PolicyPage);
const Refusals = page(async () => (await import("./access/refusals/refusals.tsx")).Refusals);
const Account = page(async () => (await import("./account/account.tsx")).Account);
const AlarmChannels = page(async () => (await import("./alarms/alarm-channels.tsx")).AlarmChannels);
const AlarmPage = page(async () => (await import("./alarms/alarm-page.tsx")).AlarmPage);
const AlarmRules = page(async () => (await import("./alarms/alarm-rules.tsx")).AlarmRules);
const Alarms = page(async () => (await import("./alarms/alarms.tsx")).Alarms);
const LessonAnalytics = page(async () => (await import("./analytics/lesson-analytics.tsx")).LessonAnalytics);
const SchoolAnalytics = page(async () => (await import("./analytics/school-analytics.tsx")).SchoolAnalytics);
const BookOfWrongAnswers = page(async () => (await import("./mistakes/book-of-mistakes.tsx")).BookOfWrongAnswers);
const StudentRecord = page(async () => (await import("./analytics/student-record.tsx")).StudentRecord);
const CheckInAnswers = page(async () => (await import("./check-ins/check-in-answers.tsx")).CheckInAnswers);
const CheckInForms = page(async () => (await import("./check-ins/check-in-forms.tsx")).CheckInForms);
const Examinations = page(async () => (await import("./exams/examinations/examinations.tsx")).Examinations);
const ExamPage = page(async () => (await import("./exams/examinations/exam-page.tsx")).ExamPage);
const PaperPage = page(async () => (await import("./exams/papers/paper-page.tsx")).PaperPage);
const ScoringServices = page(async () => (await import("./exams/marking/scoring-services.tsx")).ScoringServices);
const Papers = page(async () => (await import("./exams/papers/papers.tsx")).Papers);
const LessonExperience = page(async () => (await import("./experience/lesson-experience.tsx")).LessonExperience);
const Ladders = page(async () => (await import("./ladders/ladders.tsx")).Ladders);
const ApiKeys = page(async () => (await import("./lists/api-keys.tsx")).ApiKeys);
const Approvals = page(async () => (await import("./approvals/approvals.tsx")).Approvals);
/** Above every page, and empty mostly: meanwhile it takes no room. */
const EntryBanner = loadedLater(async () => (await import("./approvals/entry-banner.tsx")).EntryBanner);
const Audit = page(async () => (await import("./lists/audit.tsx")).Audit);
const Cameras = page(async () => (await import("./lists/cameras.tsx")).Cameras);
const Courses = page(async () => (await import("./lists/courses.tsx")).Courses);
const CoursePage = page(async () => (await import("./courses/course-page.tsx")).CoursePage);
const ImportPage = page(async () => (await import("./imports/import-page.tsx")).ImportPage);
const Jobs = page(async () => (await import("./lists/jobs.tsx")).Jobs);
const LessonPage = page(async () => (await import("./lists/lesson-page.tsx")).LessonPage);
const Lessons = page(async () => (await import("./lists/lessons.tsx")).Lessons);
const LtiPlatforms = page(async () => (await import("./lists/lti-platforms.tsx")).LtiPlatforms);
const People = page(async () => (await import("./lists/people.tsx")).People);
const Providers = page(async () => (await import("./lists/providers.tsx")).Providers);
const Recordings = page(async () => (await import("./lists/recordings.tsx")).Recordings);
const Schools = page(async () => (await import("./lists/schools.tsx")).Schools);
const Sources = page(async () => (await import("./lists/sources.tsx")).Sources);
const Streams = page(async () => (await import("./lists/streams.tsx")).Streams);
const WebhookDeliveries = page(async () => (await import("./lists/webhook-deliveries.tsx")).WebhookDeliveries);
const Webhooks = page(async () => (await import("./lists/webhooks.tsx")).Webhooks);
const ContentChecks = page(async () => (await import("./moderation/content-checks.tsx")).ContentChecks);
const WordLists = page(async () => (await import("./moderation/word-lists.tsx")).WordLists);
const NodePage = page(async () => (await import("./monitoring/node-page.tsx")).NodePage);
const StreamPage = page(async () => (await import("./monitoring/stream-page.tsx")).StreamPage);
const Nodes = page(async () => (await import("./nodes/nodes.tsx")).Nodes);
const ProbeRuns = page(async () => (await import("./probes/probe-runs.tsx")).ProbeRuns);
const Probes = page(async () => (await import("./probes/probes.tsx")).Probes);
const Degradation = page(async () => (await import("./protection/degradation.tsx")).Degradation);
const Exemptions = page(async () => (await import("./protection/exemptions.tsx")).Exemptions);
const Protection = page(async () => (await import("./protection/protection.tsx")).Protection);
const MakeUps = page(async () => (await import("./quality/make-ups.tsx")).MakeUps);
const QualityReport = page(async () => (await import("./quality/report.tsx")).QualityReport);
const FoundInRecordings = page(async () => (await import("./frame/found-in-recordings.tsx")).FoundInRecordings);
const QuestionBank = page(async () => (await import("./question-bank/question-bank.tsx")).QuestionBank);
const Appearance = page(async () => (await import("./settings/appearance/appearance.tsx")).Appearance);
const CalendarEntries = page(async () => (await import("./settings/calendar-entries.tsx")).CalendarEntries);
const Settings = page(async () => (await import("./settings/settings.tsx")).Settings);
const Timetable = page(async () => (await import("./timetable/timetable.tsx")).Timetable);
const LessonDiagnosis = page(async () => (await import("./diagnosis/lesson-diagnosis.tsx")).LessonDiagnosis);
const ViewDiagnosis = page(async () => (await import("./diagnosis/view-diagnosis.tsx")).ViewDiagnosis);

export function Routes() {
  return (
    <>
      <EntryBanner />
      <Switch>
        <Route path="/" component={Home} />
        <Route>
          <MantineFrame>
            <PageRoutes />
          </MantineFrame>
        </Route>
      </Switch>
    </>
  );
}

function PageRoutes() {
  return (
    <Switch>
      <Route path="/timetable" component={Timetable} />
      <Route path="/lessons">{() => <Lessons />}</Route>
      <Route path="/lessons/import">{() => <ImportPage kind="timetable" />}</Route>
      <Route path="/lessons/:id/invited">{({ id }) => <LessonPage lessonId={id} show={InvitedPeople} />}</Route>
      <Route path="/lessons/:id/forwards">{({ id }) => <LessonPage lessonId={id} show={Forwards} />}</Route>
      <Route path="/lessons/:id/experience">{({ id }) => <LessonExperience lessonId={id} />}</Route>
      <Route path="/lessons/:id/why">{({ id }) => <LessonDiagnosis lessonId={id} />}</Route>
      <Route path="/why/:id">{({ id }) => <ViewDiagnosis viewId={decodeURIComponent(id)} />}</Route>
      <Route path="/lessons/:id/quality">{({ id }) => <LessonPage lessonId={id} show={LessonQuality} />}</Route>
      <Route path="/lessons/:id/analytics">{({ id }) => <LessonAnalytics lessonId={id} />}</Route>
      <Route path="/search" component={FoundInRecordings} />
      <Route path="/courses" component={Courses} />
      <Route path="/courses/:id/:part?">{({ id, part = "" }) => <CoursePage courseId={id} part={part} />}</Route>
      <Route path="/question-bank">{() => <QuestionBank />}</Route>
      <Route path="/examinations">{() => <Examinations />}</Route>
      <Route path="/examinations/papers" component={Papers} />
      <Route path="/examinations/scoring" component={ScoringServices} />
      <Route path="/examinations/papers/:id">{({ id }) => <PaperPage paperId={id} />}</Route>
      <Route path="/examinations/:id/:part?">{({ id, part = "" }) => <ExamPage examinationId={id} part={part} />}</Route>
      <Route path="/recordings">{() => <Recordings />}</Route>
      <Route path="/analytics" component={SchoolAnalytics} />
      <Route path="/people" component={People} />
      <Route path="/people/import">{() => <ImportPage kind="people" />}</Route>
      <Route path="/people/:id/mistakes">{({ id }) => <BookOfWrongAnswers userId={id} isOwn={false} />}</Route>
      <Route path="/people/:id/record">{({ id }) => <StudentRecord userId={id} isOwn={false} />}</Route>
      <Route path="/check-ins" component={CheckInForms} />
      <Route path="/check-ins/:id">{({ id }) => <CheckInAnswers formId={id} />}</Route>
      <Route path="/schools" component={Schools} />
      <Route path="/streams" component={Streams} />
      <Route path="/streams/:app/:name">{({ app, name }) => <StreamPage app={app} name={name} />}</Route>
      <Route path="/sources" component={Sources} />
      <Route path="/sources/cameras" component={Cameras} />
      <Route path="/ladders" component={Ladders} />
      <Route path="/access" component={Policies} />
      <Route path="/access/policy" component={PolicyPage} />
      <Route path="/access/lists" component={AddressLists} />
      <Route path="/access/keys" component={LinkKeys} />
      <Route path="/access/explain" component={Explain} />
      <Route path="/access/refusals" component={Refusals} />
      <Route path="/moderation" component={WordLists} />
      <Route path="/moderation/checks" component={ContentChecks} />
      <Route path="/protection" component={Protection} />
      <Route path="/protection/exemptions" component={Exemptions} />
      <Route path="/protection/degradation" component={Degradation} />
      <Route path="/nodes" component={Nodes} />
      <Route path="/nodes/:id">{({ id }) => <NodePage nodeId={decodeURIComponent(id)} />}</Route>
      <Route path="/jobs" component={Jobs} />
      <Route path="/probes" component={Probes} />
      <Route path="/probes/:id">{({ id }) => <ProbeRuns probeId={id} />}</Route>
      <Route path="/alarms" component={Alarms} />
      <Route path="/alarms/rules" component={AlarmRules} />
      <Route path="/alarms/channels" component={AlarmChannels} />
      <Route path="/alarms/:id">{({ id }) => <AlarmPage alarmId={id} />}</Route>
      <Route path="/quality" component={QualityReport} />
      <Route path="/quality/make-ups" component={MakeUps} />
      <Route path="/webhooks" component={Webhooks} />
      <Route path="/webhooks/:id">{({ id }) => <WebhookDeliveries webhookId={id} />}</Route>
      <Route path="/keys" component={ApiKeys} />
      <Route path="/providers" component={Providers} />
      <Route path="/platforms" component={LtiPlatforms} />
      <Route path="/account" component={Account} />
      <Route path="/approvals" component={Approvals} />
      <Route path="/audit" component={Audit} />
      <Route path="/settings" component={Settings} />
      <Route path="/settings/calendar" component={CalendarEntries} />
      <Route path="/settings/appearance" component={Appearance} />
      <Route component={NoSuchPage} />
    </Switch>
  );
}
