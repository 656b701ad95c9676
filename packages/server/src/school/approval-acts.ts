/** Lists the acts that a second person can be asked to approve (`foundation/approvals/`), each with what carries it out. */
import { eraseGuestAct, erasePersonAct } from "./exchange/privacy/erase-acts.ts";
import type { ApprovalActs } from "./foundation/approvals/act.ts";
import { operatorEntry, turnOff } from "./foundation/approvals/own-acts.ts";
import type { RecordingContext } from "./lessons/recordings/change-recording.ts";
import { publishRecordingAct } from "./lessons/recordings/publish-act.ts";

/** @param clearCache called after a commit that ended an account's rights */
export function approvalActs(context: Pick<RecordingContext, "recordings" | "prefetch">, clearCache: () => void): ApprovalActs {
  return {
    "erase-person": erasePersonAct(clearCache),
    "erase-guest": eraseGuestAct,
    "publish-recording": publishRecordingAct(context),
    "operator-entry": operatorEntry,
    "turn-off": turnOff,
  };
}
