/** Lists the changes of the school's tables by name, in order. A released one is never edited; a later change is a new one. */
import type { TableMigrations } from "../../../platform/store/migrations.ts";
import { schema } from "./0054-schema.ts";
import { publisherAway } from "./0055-publisher-away.ts";
import { invitationsImports } from "./0056-invitations-imports.ts";
import { auditCheckpoints } from "./0057-audit-checkpoints.ts";
import { screens } from "./0058-screens.ts";
import { lessonSeries } from "./0059-lesson-series.ts";
import { passkeys } from "./0060-passkeys.ts";
import { auditReadings } from "./0061-audit-readings.ts";
import { scim } from "./0062-scim.ts";
import { dataKeys } from "./0063-data-keys.ts";
import { listUploads } from "./0064-list-uploads.ts";
import { samlCas } from "./0065-saml-cas.ts";
import { breakGlass } from "./0066-break-glass.ts";
import { fourEyes } from "./0067-four-eyes.ts";
import { joinedAccounts } from "./0068-joined-accounts.ts";
import { exams } from "./0069-exams.ts";
import { examStandings } from "./0070-exam-standings.ts";
import { examSupervision } from "./0071-exam-supervision.ts";
import { examMarkers } from "./0072-exam-markers.ts";
import { examFiles } from "./0073-exam-files.ts";
import { captions } from "./0074-captions.ts";
import { studentsExams } from "./0075-students-exams.ts";
import { degradations } from "./0076-degradations.ts";
import { loadTests } from "./0077-load-tests.ts";
import { examMedia } from "./0078-exam-media.ts";
import { examTalks } from "./0079-exam-talks.ts";

export const MIGRATIONS: TableMigrations = {
  "0054-schema": schema,
  "0055-publisher-away": publisherAway,
  "0056-invitations-imports": invitationsImports,
  "0057-audit-checkpoints": auditCheckpoints,
  "0058-screens": screens,
  "0059-lesson-series": lessonSeries,
  "0060-passkeys": passkeys,
  "0061-audit-readings": auditReadings,
  "0062-scim": scim,
  "0063-data-keys": dataKeys,
  "0064-list-uploads": listUploads,
  "0065-saml-cas": samlCas,
  "0066-break-glass": breakGlass,
  "0067-four-eyes": fourEyes,
  "0068-joined-accounts": joinedAccounts,
  "0069-exams": exams,
  "0070-exam-standings": examStandings,
  "0071-exam-supervision": examSupervision,
  "0072-exam-markers": examMarkers,
  "0073-exam-files": examFiles,
  "0074-captions": captions,
  "0075-students-exams": studentsExams,
  "0076-degradations": degradations,
  "0077-load-tests": loadTests,
  "0078-exam-media": examMedia,
  "0079-exam-talks": examTalks,
};
