/** Composes the messages of a process from the messages of the modules in it. A message is declared beside the code that answers it. */
import type { SessionFactMessages, SessionFactNodeMessages } from "../../access/back-end/session-messages.ts";
import type {
  KnownPolicyCalls,
  KnownPolicyMessages,
  PolicyChanges,
  PolicyRefresh,
  PolicyUpdates,
} from "../../access/policies/policy-messages.ts";
import type {
  AbuseSignalMessages,
  CountermeasureMessages,
  ProtectionCalls,
  ProtectionNodeMessages,
} from "../../access/protection/protection-messages.ts";
import type { SeatMessages, SeatNodeMessages, SeatWorkerMessages } from "../../access/seats/seat-messages.ts";
import type {
  DegradationMessages,
  DegradationNodeMessages,
  PressureMessages,
} from "../../contracts/degradation/degradation-messages.ts";
import type {
  ConversionReportMessages,
  MaterialNodeMessages,
  MaterialWorkerMessages,
} from "../../contracts/materials/material-messages.ts";
import type {
  DownloadNodeMessages,
  DownloadReportMessages,
  DownloadWorkerMessages,
} from "../../contracts/recordings/download-messages.ts";
import type {
  FileMessages,
  RecordedFileMessages,
  RecordedMessages,
  RecordingCallMessages,
  RecordingNodeMessages,
  RecordingWorkerMessages,
} from "../../contracts/recordings/recording-messages.ts";
import type { CameraMessages } from "../../live/gb28181/camera-messages.ts";
import type { RegistryMessages, WriterMessages, WriterNodeMessages } from "../../live/relay/registry/writer-messages.ts";
import type { SessionCallMessages, SessionNodeMessages, SessionWorkerMessages } from "../../live/webrtc/session-messages.ts";
import type { ReportCallMessages, ReportMessages, ReportNodeMessages } from "../../operations/report-messages.ts";
import type { ControlSampleMessages, NodeSampleMessages, WorkerSampleMessages } from "../../operations/samples/sample-messages.ts";
import type {
  CallbackSessionMessages,
  CallbackSessionNodeMessages,
  CallbackSessionWorkerMessages,
} from "../cluster/callback-session-messages.ts";
import type { LoadMessages } from "../cluster/node-load.ts";
import type { StreamJobMessages, StreamJobNodeMessages, StreamJobWorkerMessages } from "../cluster/stream-job-messages.ts";
import type { AlarmControlMessages, AlarmMessages, AlarmNodeMessages } from "./alarm-messages.ts";
import type { ControlQuestionMessages } from "./control-questions.ts";
import type {
  MembershipControlMessages,
  MembershipMessages,
  MembershipNodeMessages,
  MembershipWorkerMessages,
} from "./member-messages.ts";
import type { NodeQuestionMessages } from "./node-question-messages.ts";
import type { ControlLifecycle, Reload, WorkerLifecycle } from "./process-start.ts";
import type { AudienceMessages, RoomMessages, RoomUpdateMessages, RoomWorkerMessages } from "./room-messages.ts";
import type { SchoolStartMessages } from "./school-start.ts";
import type { ViewerMessages, ViewerWorkerMessages } from "./viewer-messages.ts";

/** Answered by a media worker. */
export type WorkerMethods = WorkerLifecycle &
  Reload &
  WriterMessages &
  PolicyUpdates &
  KnownPolicyMessages &
  PolicyRefresh<undefined> &
  RecordingWorkerMessages &
  DownloadWorkerMessages &
  MaterialWorkerMessages &
  StreamJobWorkerMessages &
  ReportMessages &
  CallbackSessionWorkerMessages &
  MembershipWorkerMessages &
  ViewerWorkerMessages &
  CountermeasureMessages &
  RoomUpdateMessages &
  WorkerSampleMessages &
  SeatWorkerMessages &
  SessionWorkerMessages &
  DegradationMessages;

/** Answered by the control process, or by node services on a node without it. */
export type ControlMethods = ControlLifecycle &
  Reload &
  Pick<WriterMessages, "located"> &
  FileMessages &
  RecordedFileMessages &
  RecordedMessages &
  ControlQuestionMessages &
  RoomMessages &
  RoomWorkerMessages &
  CameraMessages &
  ControlSampleMessages &
  NodeSampleMessages &
  AlarmControlMessages &
  MembershipControlMessages &
  DegradationMessages;

/** Answered by the supervisor. */
export type SupervisorMethods = RegistryMessages &
  AbuseSignalMessages &
  ProtectionCalls &
  StreamJobMessages &
  PolicyUpdates &
  PolicyChanges &
  KnownPolicyCalls &
  RecordedMessages &
  RecordingCallMessages &
  DownloadReportMessages &
  ConversionReportMessages &
  ReportCallMessages &
  CallbackSessionMessages &
  ControlQuestionMessages &
  NodeQuestionMessages &
  RoomMessages &
  CameraMessages &
  RoomUpdateMessages &
  AudienceMessages &
  LoadMessages &
  AlarmMessages &
  MembershipMessages &
  SchoolStartMessages &
  ViewerMessages &
  SeatMessages &
  SessionFactMessages &
  SessionCallMessages &
  PressureMessages;

/** Between nodes: all names and fields are on the wire. */
export type NodeMethods = WriterNodeMessages &
  ProtectionNodeMessages &
  StreamJobNodeMessages &
  PolicyUpdates &
  PolicyChanges &
  PolicyRefresh<null> &
  RecordingNodeMessages &
  DownloadNodeMessages &
  MaterialNodeMessages &
  ReportNodeMessages &
  CallbackSessionNodeMessages &
  ControlQuestionMessages &
  RoomMessages &
  CameraMessages &
  RoomUpdateMessages &
  RoomWorkerMessages &
  NodeSampleMessages &
  AlarmNodeMessages &
  MembershipNodeMessages &
  SeatNodeMessages &
  SessionFactNodeMessages &
  SessionNodeMessages &
  DegradationNodeMessages;
