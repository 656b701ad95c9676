/** The pages of the console and their addresses below /console. */
import { Route, Switch } from "wouter";
import { Forwards } from "../forwards/forwards.tsx";
import { InvitedPeople } from "../invited/invited-people.tsx";
import { LessonQuality } from "../lesson-quality/lesson-quality.tsx";
import { Explain } from "./access/explain/explain.tsx";
import { LinkKeys } from "./access/keys/link-keys.tsx";
import { AddressLists } from "./access/lists/address-lists.tsx";
import { Policies } from "./access/policies/policies.tsx";
import { PolicyPage } from "./access/policies/policy-page.tsx";
import { Refusals } from "./access/refusals/refusals.tsx";
import { Account } from "./account/account.tsx";
import { AlarmChannels } from "./alarms/alarm-channels.tsx";
import { AlarmPage } from "./alarms/alarm-page.tsx";
import { AlarmRules } from "./alarms/alarm-rules.tsx";
import { Alarms } from "./alarms/alarms.tsx";
import { LessonAnalytics } from "./analytics/lesson-analytics.tsx";
import { SchoolAnalytics } from "./analytics/school-analytics.tsx";
import { StudentRecord } from "./analytics/student-record.tsx";
import { CheckInAnswers } from "./check-ins/check-in-answers.tsx";
import { CheckInForms } from "./check-ins/check-in-forms.tsx";
import { LessonExperience } from "./experience/lesson-experience.tsx";
import { Home } from "./home/home.tsx";
import { Ladders } from "./ladders/ladders.tsx";
import { ApiKeys } from "./lists/api-keys.tsx";
import { Audit } from "./lists/audit.tsx";
import { Courses } from "./lists/courses.tsx";
import { Jobs } from "./lists/jobs.tsx";
import { LessonPage } from "./lists/lesson-page.tsx";
import { Lessons } from "./lists/lessons.tsx";
import { LtiPlatforms } from "./lists/lti-platforms.tsx";
import { People } from "./lists/people.tsx";
import { Providers } from "./lists/providers.tsx";
import { Recordings } from "./lists/recordings.tsx";
import { Schools } from "./lists/schools.tsx";
import { Sources } from "./lists/sources.tsx";
import { Streams } from "./lists/streams.tsx";
import { WebhookDeliveries } from "./lists/webhook-deliveries.tsx";
import { Webhooks } from "./lists/webhooks.tsx";
import { ContentChecks } from "./moderation/content-checks.tsx";
import { WordLists } from "./moderation/word-lists.tsx";
import { NodePage } from "./monitoring/node-page.tsx";
import { StreamPage } from "./monitoring/stream-page.tsx";
import { Nodes } from "./nodes/nodes.tsx";
import { ProbeRuns } from "./probes/probe-runs.tsx";
import { Probes } from "./probes/probes.tsx";
import { Exemptions } from "./protection/exemptions.tsx";
import { Protection } from "./protection/protection.tsx";
import { MakeUps } from "./quality/make-ups.tsx";
import { QualityReport } from "./quality/report.tsx";
import { QuestionBank } from "./question-bank/question-bank.tsx";
import { Settings } from "./settings/settings.tsx";
import { Timetable } from "./timetable/timetable.tsx";
import { LessonWhy } from "./why/lesson-why.tsx";
import { ViewWhy } from "./why/view-why.tsx";

/** In the order of the navigation. Each has a name in the messages under `nav`, and an address of the same name. */
const PAGES = [
  { name: "home", forOperators: false },
  { name: "timetable", forOperators: false },
  { name: "lessons", forOperators: false },
  { name: "courses", forOperators: false },
  { name: "question-bank", forOperators: false },
  { name: "recordings", forOperators: false },
  { name: "analytics", forOperators: false },
  { name: "people", forOperators: false },
  { name: "check-ins", forOperators: false },
  { name: "schools", forOperators: true },
  { name: "streams", forOperators: false },
  { name: "sources", forOperators: false },
  { name: "ladders", forOperators: false },
  { name: "access", forOperators: false },
  { name: "moderation", forOperators: false },
  { name: "protection", forOperators: true },
  { name: "nodes", forOperators: true },
  { name: "jobs", forOperators: true },
  { name: "probes", forOperators: false },
  { name: "alarms", forOperators: false },
  { name: "quality", forOperators: false },
  { name: "webhooks", forOperators: false },
  { name: "keys", forOperators: false },
  { name: "providers", forOperators: false },
  { name: "platforms", forOperators: false },
  { name: "audit", forOperators: false },
  { name: "settings", forOperators: false },
] as const;

export function navigationOf(isOperator: boolean): readonly { readonly name: string; readonly path: string }[] {
  return PAGES.filter(({ forOperators }) => isOperator || !forOperators).map(({ name }) => ({
    name,
    path: name === "home" ? "/" : `/${name}`,
  }));
}

export function Routes() {
  return (
    <Switch>
      <Route path="/timetable" component={Timetable} />
      <Route path="/lessons" component={Lessons} />
      <Route path="/lessons/:id/invited">{({ id }) => <LessonPage lessonId={id} show={InvitedPeople} />}</Route>
      <Route path="/lessons/:id/forwards">{({ id }) => <LessonPage lessonId={id} show={Forwards} />}</Route>
      <Route path="/lessons/:id/experience">{({ id }) => <LessonExperience lessonId={id} />}</Route>
      <Route path="/lessons/:id/why">{({ id }) => <LessonWhy lessonId={id} />}</Route>
      <Route path="/why/:id">{({ id }) => <ViewWhy viewId={decodeURIComponent(id)} />}</Route>
      <Route path="/lessons/:id/quality">{({ id }) => <LessonPage lessonId={id} show={LessonQuality} />}</Route>
      <Route path="/lessons/:id/analytics">{({ id }) => <LessonAnalytics lessonId={id} />}</Route>
      <Route path="/courses" component={Courses} />
      <Route path="/question-bank">{() => <QuestionBank />}</Route>
      <Route path="/recordings" component={Recordings} />
      <Route path="/analytics" component={SchoolAnalytics} />
      <Route path="/people" component={People} />
      <Route path="/people/:id/record">{({ id }) => <StudentRecord userId={id} isOwn={false} />}</Route>
      <Route path="/check-ins" component={CheckInForms} />
      <Route path="/check-ins/:id">{({ id }) => <CheckInAnswers formId={id} />}</Route>
      <Route path="/schools" component={Schools} />
      <Route path="/streams" component={Streams} />
      <Route path="/streams/:app/:name">{({ app, name }) => <StreamPage app={app} name={name} />}</Route>
      <Route path="/sources" component={Sources} />
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
      <Route path="/audit" component={Audit} />
      <Route path="/settings" component={Settings} />
      <Route component={Home} />
    </Switch>
  );
}
