/** Makes a request for any route of the API from its schemas: what is required has a value that fits, and things are named by their ids. */

import { z } from "zod";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import { makeServiceKey } from "../packages/server/src/school/people/sign-on/saml/service-key.ts";
import { SamlIdentityProvider } from "./saml-identity-provider.ts";
import { PASSWORD } from "./school.ts";
import type { Things } from "./school-world.ts";

export type GeneratedRequest = {
  readonly path: string;
  readonly body?: unknown;
  readonly csv?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Routes that need another thing than the usual one. */
const OTHER_THINGS: Readonly<Record<string, Partial<Record<string, keyof Things>>>> = {
  admitParticipant: { participantId: "waitingId" },
  retryMaterial: { materialId: "failedMaterialId" },
  sendMaterialPart: { materialId: "openMaterialId" },
  getMaterialUpload: { materialId: "openMaterialId" },
  deleteSchool: { schoolId: "archivedSchoolId", slug: "archivedSchoolId" },
  eraseUser: { login: "userId" },
  deleteCourse: { courseId: "emptyCourseId" },
  getEffectivePolicy: { id: "lessonId" },
  readHistory: { subject: "lessonId" },
  deleteExamPaper: { paperId: "freePaperId" },
  publishExamination: { examinationId: "draftExaminationId" },
  getExamInvitation: { code: "examCode" },
  getExamAnswerFile: { fileId: "userId" },
  readOwnExamFile: { fileId: "userId" },
  readExamResultFile: { fileId: "userId" },
  getPaperFile: { fileId: "userId" },
  getExamPaperFile: { fileId: "userId" },
  restoreLesson: { lessonId: "binnedLessonId" },
  endEntry: { approvalId: "entryId" },
  restoreRecording: { recordingId: "binnedRecordingId" },
};

let networks = 0;

/** Values of fields by name, where the type alone does not give one that fits. A new route may need another line here. */
const VALUES: Readonly<Record<string, (unique: string) => unknown>> = {
  url: () => "http://127.0.0.1:9/",
  password: () => PASSWORD,
  current: () => PASSWORD,
  scopes: () => ["lessons:read"],
  stream: () => "live/x",
  nodeId: () => "n1",
  n: () => 1,
  downloadId: () => "0".repeat(27),
  sessionId: () => "0".repeat(26),
  lineId: () => "0".repeat(26),
  identityId: () => "0".repeat(26),
  passkeyId: () => "0".repeat(26),
  login: (unique) => unique,
  slug: (unique) => unique,
  // Each exemption is of another network.
  network: () => `10.0.${++networks >> 8}.${networks % 256}`,
  issuer: () => "https://login.invalid",
  loginUrl: () => "https://login.invalid/login",
  tokenUrl: () => "https://login.invalid/token",
  keysUrl: () => "https://login.invalid/keys",
};
/** Fields that are sent though they are not required: one of several is. */
const ONE_OF_SEVERAL: Readonly<Record<string, string>> = {
  createSource: "name",
  mailAccountInvitations: "userIds",
  createInvitationSlips: "userIds",
  getEffectivePolicy: "id",
  explainAccess: "lessonId",
  readHistory: "subject",
  createProvider: "clientId",
  readSamlMetadata: "metadata",
};
/** Of no authenticator. */
const NOBODYS_PASSKEY = { id: "AA", rawId: "AA", type: "public-key" };
/** Fields of single routes. */
const ROUTE_VALUES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  signIn: { login: "admin" },
  setLogo: { image: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=" },
  getScimResourceType: { name: "User" },
  getScimSchema: { name: "urn:ietf:params:scim:schemas:core:2.0:Group" },
  addMembers: { people: ["nobody of the school"] },
  putMember: { role: "student" },
  upsertUsers: { items: [{ externalId: "e1", login: "e1", name: "E" }] },
  upsertCourses: { items: [{ externalId: "e1", name: "E" }] },
  upsertLessons: { items: [{ externalId: "e1", title: "E" }] },
  signInWithPasskey: {
    passkey: { ...NOBODYS_PASSKEY, response: { clientDataJSON: "AA", authenticatorData: "AA", signature: "AA" } },
  },
  addMyPasskey: { passkey: { ...NOBODYS_PASSKEY, response: { clientDataJSON: "AA", attestationObject: "AA" } } },
  beginSignOn: { providerId: "0".repeat(26) },
  finishSignOn: { providerId: "0".repeat(26) },
  testProvider: { providerId: "0".repeat(26) },
  getServiceMetadata: { providerId: "0".repeat(26) },
  readSamlMetadata: { metadata: await metadataOfNobody() },
  createProvider: { clientId: "lectern" },
  createLtiPlatform: { deploymentIds: ["1"] },
  testLtiPlatform: { platformId: "0".repeat(26) },
  createLessonSeries: { weekly: [{ days: [1], from: "09:00", to: "09:45" }], startsOn: "2090-03-06", count: 2 },
  previewLessonSeries: { weekly: [{ days: [1], from: "09:00", to: "09:45" }], startsOn: "2090-03-06", count: 2 },
  changeFollowingLessons: { from: "2090-03-06" },
  endLessonSeries: { from: "2090-03-13" },
  createCalendarEntry: { startsOn: "2090-03-06", endsOn: "2090-03-07" },
  putFourEyes: { erase: false, publish: false, operatorEntry: false },
  createSource: { addresses: ["rtmp://camera.example/live/math"] },
  createForward: { url: "rtmps://live.example/app/key" },
  createLadder: { rungs: [{ name: "sd", height: 480 }] },
  getEffectivePolicy: { level: "lesson" },
  explainAccess: { ip: "192.0.2.1" },
  createAlarmRule: { metric: "cpu" },
  createAlarmChannel: { kind: "slack", target: "http://127.0.0.1:9/" },
  readHistory: { kind: "lesson" },
  listSeriesSubjects: { kind: "lesson" },
  putQualityRule: { enabled: true, stallSeconds: 60, viewerShare: 0.5 },
  createQuizBankItem: { type: "boolean" },
  createExamination: { opensAt: "2090-03-06T09:00:00Z", closesAt: "2090-03-06T10:00:00Z" },
  putExamMark: { question: "q1", points: 1 },
  takeNextAnswer: { question: "q1" },
  giveMarking: { question: "q1", points: 1 },
  undoMarking: { question: "q1" },
  renewMarking: { question: "q1" },
  giveBackAnswer: { question: "q1" },
  listAnswerMarkings: { question: "q1" },
  regradeExamination: { question: "q1", solution: { kind: "boolean", right: false } },
  releaseAddress: { address: "192.0.2.1" },
  createRoomEntry: { id: "1", kind: "settings" },
  addGuardian: { email: "parent@school.example" },
  createCheckInForm: { fields: [{ key: "fever", label: "Fever?", type: "yes-no" }] },
  putMyCheckIn: { answers: { fever: false } },
  exportCheckIns: { from: "2026-11-20", to: "2026-11-24" },
  answerDeepLinking: { item: { title: "A lesson" } },
};
/** Whole bodies, where no schema says what is in them. */
const BODIES: Readonly<Record<string, (unique: string) => unknown>> = {
  createScimUser: (userName) => ({ userName }),
  replaceScimUser: () => ({ displayName: "Renamed" }),
  changeScimUser: () => ({ Operations: [{ op: "replace", path: "displayName", value: "Renamed" }] }),
  createScimGroup: (displayName) => ({ displayName }),
  replaceScimGroup: (displayName) => ({ displayName }),
  changeScimGroup: (value) => ({ Operations: [{ op: "replace", path: "displayName", value }] }),
};
/** Of one pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const TEXT: Readonly<Record<string, string | Buffer>> = {
  addPaperFile: PNG,
  putAddressListEntries: "192.0.2.0/24\n",
  importExamQuestions: "Is 3 odd? {T}\n",
  importQuizBank: "type,text\nboolean,Ready?\n",
  sendMaterialPart: "part",
  sendListPart: "part",
};
const TEXT_HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sendMaterialPart: { "content-type": "application/offset+octet-stream", "upload-offset": "0" },
  sendListPart: { "content-type": "application/offset+octet-stream", "upload-offset": "0" },
};
const CSV: Readonly<Record<string, (unique: string) => string>> = {
  importPeople: (unique) => `login,name\n${unique},Somebody\n`,
  previewPeopleImport: (unique) => `login,name\n${unique},Somebody\n`,
  previewTimetableImport: () => "date,start,end,title\n2026-11-20,09:00,10:00,Maths\n",
  importOneRosterUsers: (unique) => `sourcedId,username\n${unique},${unique}\n`,
  importOneRosterClasses: (unique) => `sourcedId,title\n${unique},${unique}\n`,
  importOneRosterEnrollments: () => "classSourcedId,userSourcedId,role\nc,u,student\n",
  importTimetable: () => "date,start,end,title\n2026-11-20,09:00,10:00,Maths\n",
};

type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly examples?: readonly unknown[];
  readonly minItems?: number;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

export function requestFor(route: ApiRoute, things: Things, unique: string): GeneratedRequest {
  const value = (name: string, schema: Schema): unknown =>
    ROUTE_VALUES[route.id]?.[name] ??
    schema.examples?.[0] ??
    thingsIn(name, things) ??
    exampleOf(thingNamed(route, name, things), name, schema, unique);
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(value(name, { type: "string" }))));
  const query = new URLSearchParams(
    Object.entries(objectFor(route.query, value, ONE_OF_SEVERAL[route.id])).map(([name, given]): [string, string] => [
      name,
      String(given),
    ]),
  );
  const text = TEXT[route.id];
  const csv = text ?? CSV[route.id]?.(unique);
  const body = BODIES[route.id]?.(unique);
  return {
    path: query.size > 0 ? `${path}?${query}` : path,
    ...(csv === undefined ? {} : { csv }),
    ...(text === undefined ? {} : { headers: TEXT_HEADERS[route.id] ?? { "content-type": "text/plain" } }),
    ...(route.body && csv === undefined ? { body: body ?? objectFor(route.body, value, ONE_OF_SEVERAL[route.id]) } : {}),
  };
}

/** Required fields, and the school wherever it can be named. @param chosen another field that is sent */
function objectFor(
  schema: z.ZodType | undefined,
  value: (name: string, schema: Schema) => unknown,
  chosen?: string,
): Record<string, unknown> {
  if (!schema) return {};
  const whole = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
  // A schema with a name is defined beside its use.
  const [, name] = /^#\/\$defs\/(.+)$/.exec(whole.$ref ?? "") ?? [];
  return fieldsFor((name === undefined ? undefined : whole.$defs?.[name]) ?? whole, value, chosen);
}

function fieldsFor(
  { properties = {}, required = [] }: Schema,
  value: (name: string, schema: Schema) => unknown,
  chosen?: string,
): Record<string, unknown> {
  const named = Object.entries(properties).filter(([name]) => required.includes(name) || name === "schoolId" || name === chosen);
  return Object.fromEntries(named.map(([name, field]) => [name, value(name, field)]));
}

/** Fields that are objects or lists with the id of a thing. */
function thingsIn(name: string, { courseId, userId, itemId }: Things): unknown {
  if (name === "userIds") return [userId];
  if (name === "items") return [itemId];
  return name === "target" ? { level: "course", id: courseId } : undefined;
}

function thingNamed({ id, path }: ApiRoute, name: string, things: Things): string | undefined {
  // `name` is a stream in a path, and a person's or a course's name in a body.
  if ((name === "app" || name === "name") && !path.includes(`:${name}`)) return undefined;
  const thing = OTHER_THINGS[id]?.[name] ?? name;
  return Object.hasOwn(things, thing) ? things[thing as keyof Things] : undefined;
}

function exampleOf(thing: string | undefined, name: string, schema: Schema, unique: string): unknown {
  if (thing !== undefined) return thing;
  const given = VALUES[name]?.(unique);
  if (given !== undefined) return given;
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "boolean") return true;
  if (type === "number" || type === "integer") return schema.minimum ?? 1;
  if (type === "array") {
    const item = (field: string, inner: Schema) => exampleOf(undefined, field, inner, unique);
    return schema.items && schema.minItems ? [fieldsFor(schema.items, item)] : [];
  }
  return unique;
}

/** An identity provider that is nowhere. */
async function metadataOfNobody(): Promise<string> {
  const provider = new SamlIdentityProvider(await makeServiceKey());
  provider.origin = "https://login.invalid";
  provider.entityId = "https://login.invalid/entity";
  return provider.metadata();
}
