/**
 * Provides the dialog of an invitation, from INVITE to BYE: RFC 3261 sections 13, 15 and 17.1.1. A pure state machine: events in, the next state and
 * what is to be done out. Who runs it has the sockets and the timers.
 */
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { type RequestParts, writeRequest } from "./requests.ts";
import { header, parameterOf, type SipRequest, type SipResponse, sequenceOf } from "./sip-message.ts";

/** calling: nothing has come back. proceeding: the device works on it. cancelling: given up, and not answered yet. closing: BYE is sent. */
export type DialogPhase = "new" | "calling" | "proceeding" | "established" | "cancelling" | "closing" | "over";

export type Dialog = {
  readonly phase: DialogPhase;
  /** Everything of the requests but method and sequence. */
  readonly invite: Omit<RequestParts, "method" | "toTag">;
  readonly toTag: string | null;
  /** How often the newest request was sent. */
  readonly sent: number;
};

export type DialogEvent =
  | { readonly kind: "start" }
  | { readonly kind: "timer" }
  | { readonly kind: "response"; readonly response: SipResponse }
  /** The device has ended it. */
  | { readonly kind: "bye" }
  | { readonly kind: "hang-up" };

export type DialogAction =
  | { readonly kind: "send"; readonly message: SipRequest }
  /** To be told of `timer` after this, and of no earlier one. */
  | { readonly kind: "timer"; readonly ms: number }
  | { readonly kind: "established"; readonly body: Uint8Array }
  /** It is of no use any more, or has never been. */
  | { readonly kind: "ended"; readonly problem: JobProblem };

export type Step = { readonly dialog: Dialog; readonly actions: readonly DialogAction[] };

/** RFC 3261 section 17.1.1.1: the first time to wait for an answer by UDP. It doubles. */
const T1_MS = 500;
/** Seven times by UDP; a device that has said nothing after half of a minute is gone. */
const MOST_INVITES = 6;
const MOST_BYES = 4;
/** A recorder that has begun to work on it may take so long to open the camera behind it. */
const ANSWER_MS = 20_000;
/** A device that was told to stop has so long to say that it has. */
const CANCEL_MS = 5000;

export function newDialog(invite: Dialog["invite"]): Dialog {
  return { phase: "new", invite, toTag: null, sent: 0 };
}

export function stepDialog(dialog: Dialog, event: DialogEvent): Step {
  switch (event.kind) {
    case "start":
      return dialog.phase === "new" ? call(dialog) : stay(dialog);
    case "timer":
      return afterTimer(dialog);
    case "response":
      return afterResponse(dialog, event.response);
    case "bye":
      return dialog.phase === "established"
        ? end(dialog, "over", { code: "ended", detail: "The device ended the picture." })
        : stay(dialog);
    case "hang-up":
      return hangUp(dialog);
  }
}

function call(dialog: Dialog): Step {
  const next: Dialog = { ...dialog, phase: "calling", sent: dialog.sent + 1 };
  const wait = T1_MS * 2 ** (next.sent - 1);
  // A connection repeats what is lost by itself.
  const ms = dialog.invite.peer.protocol === "TCP" ? ANSWER_MS : wait;
  return { dialog: next, actions: [send(request(next, "INVITE", 0)), { kind: "timer", ms }] };
}

function afterTimer(dialog: Dialog): Step {
  const isUdp = dialog.invite.peer.protocol === "UDP";
  switch (dialog.phase) {
    case "calling":
      if (isUdp && dialog.sent < MOST_INVITES) return call(dialog);
      return end(dialog, "over", { code: "unreachable", detail: "The device does not answer the invitation." });
    case "proceeding": {
      const late: JobProblem = {
        code: "stalled",
        detail: `The device has not answered the invitation within ${ANSWER_MS / 1000} s.`,
      };
      const { actions } = end(dialog, "cancelling", late);
      return cancel(dialog, actions);
    }
    case "closing":
      return isUdp && dialog.sent < MOST_BYES ? bye(dialog) : { dialog: { ...dialog, phase: "over" }, actions: [] };
    case "cancelling":
      return { dialog: { ...dialog, phase: "over" }, actions: [] };
    default:
      return stay(dialog);
  }
}

function afterResponse(dialog: Dialog, response: SipResponse): Step {
  const method = sequenceOf(response)?.method;
  if (method === "BYE") return dialog.phase === "closing" ? { dialog: { ...dialog, phase: "over" }, actions: [] } : stay(dialog);
  if (method !== "INVITE") return stay(dialog);
  const toTag = parameterOf(header(response, "to"), "tag") ?? dialog.toTag;
  const known: Dialog = { ...dialog, toTag };
  if (response.status < 200) return provisional(dialog);
  if (response.status < 300) return accepted(known, response);
  // The acknowledgement of a refusal belongs to the transaction of the invitation: section 17.1.1.3.
  const ack = send(request(known, "ACK", 0));
  if (dialog.phase === "calling" || dialog.phase === "proceeding") {
    const ended = end(known, "over", refused(response));
    return { ...ended, actions: [ack, ...ended.actions] };
  }
  return { dialog: dialog.phase === "cancelling" ? { ...known, phase: "over" } : dialog, actions: [ack] };
}

function provisional(dialog: Dialog): Step {
  if (dialog.phase === "calling")
    return { dialog: { ...dialog, phase: "proceeding" }, actions: [{ kind: "timer", ms: ANSWER_MS }] };
  // Only now it may be told to stop: section 9.1.
  return dialog.phase === "cancelling" ? cancel(dialog, []) : stay(dialog);
}

/** Each copy of the answer is acknowledged: section 13.2.2.4. */
function accepted(dialog: Dialog, response: SipResponse): Step {
  const ack = send({ ...request(dialog, "ACK", 0, `${dialog.invite.branch}-ack`) });
  switch (dialog.phase) {
    case "calling":
    case "proceeding":
      return { dialog: { ...dialog, phase: "established" }, actions: [ack, { kind: "established", body: response.body }] };
    case "cancelling": {
      const closing = bye({ ...dialog, sent: 0 });
      return { ...closing, actions: [ack, ...closing.actions] };
    }
    default:
      return { dialog, actions: [ack] };
  }
}

function hangUp(dialog: Dialog): Step {
  switch (dialog.phase) {
    case "established":
      return bye({ ...dialog, sent: 0 });
    case "proceeding":
      return cancel(dialog, []);
    case "calling":
      return { dialog: { ...dialog, phase: "cancelling" }, actions: [{ kind: "timer", ms: CANCEL_MS }] };
    default:
      return stay(dialog);
  }
}

function bye(dialog: Dialog): Step {
  const next: Dialog = { ...dialog, phase: "closing", sent: dialog.sent + 1 };
  const message = request(next, "BYE", 1, `${dialog.invite.branch}-bye`);
  return { dialog: next, actions: [send(message), { kind: "timer", ms: T1_MS * 2 ** (next.sent - 1) }] };
}

function cancel(dialog: Dialog, before: readonly DialogAction[]): Step {
  const actions: DialogAction[] = [...before, send(request(dialog, "CANCEL", 0)), { kind: "timer", ms: CANCEL_MS }];
  return { dialog: { ...dialog, phase: "cancelling" }, actions };
}

function end(dialog: Dialog, phase: DialogPhase, problem: JobProblem): Step {
  return { dialog: { ...dialog, phase }, actions: [{ kind: "ended", problem }] };
}

function stay(dialog: Dialog): Step {
  return { dialog, actions: [] };
}

function send(message: SipRequest): DialogAction {
  return { kind: "send", message };
}

/** @param later by how much its sequence is higher than the invitation's */
function request({ invite, toTag }: Dialog, method: string, later: number, branch = invite.branch): SipRequest {
  const { headers, body, ...rest } = invite;
  const own = method === "INVITE" ? { ...(headers && { headers }), ...(body && { body }) } : {};
  const tag = method === "INVITE" || method === "CANCEL" ? null : toTag;
  return writeRequest({ ...rest, ...own, method, sequence: invite.sequence + later, toTag: tag, branch });
}

/** What a device means that refuses. */
function refused({ status, reason }: SipResponse): JobProblem {
  const detail = `The device refused the invitation: ${status} ${reason}`.trim().slice(0, 200);
  if (status === 401 || status === 403 || status === 407) return { code: "bad-credential", detail };
  if (status === 404 || status === 410 || status === 604) return { code: "no-such-stream", detail };
  if (status === 415 || status === 488 || status === 606) return { code: "unsupported", detail };
  if (status === 486 || status === 600) return { code: "overloaded", detail };
  return { code: "unreachable", detail };
}
