/** Leads a candidate into an examination: finds it by its code, enters or comes back, and takes the seat over from another device. */

import { sheetOf } from "@lectern/exam";
import { serverClock } from "@lectern/player/server-clock";
import { useCallback, useEffect, useRef, useState } from "react";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { type Entering, enterExam, findExam } from "./attempt/exam-calls.ts";
import type { Entered, Invitation } from "./attempt/exam-types.ts";
import { openMedia } from "./media/open-media.ts";
import { loadMediaView } from "./media/shown-media.tsx";
import { loadSections, openSectionTimes } from "./sections/load-sections.ts";
import { type DeviceStore, openDeviceStore } from "./session/device-store.ts";
import { examDoor } from "./session/door.ts";
import { ExamSession } from "./session/exam-session.ts";
import { fetchPackage, openPackage } from "./session/paper-package.ts";
import { seatChannel, takeSeatLock } from "./session/seat-lock.ts";
import { isSupervised } from "./supervision/is-supervised.ts";

type EnteredSession = { readonly session: ExamSession; readonly entered: Entered; readonly hasStore: boolean };
type ExamState =
  | { readonly step: "loading" | "unknown" }
  | { readonly step: "failed"; readonly message: string }
  | { readonly step: "invited"; readonly invitation: Invitation }
  | { readonly step: "elsewhere"; readonly invitation: Invitation; readonly isMoving: boolean; readonly message: string }
  | ({ readonly step: "entered"; readonly invitation: Invitation } & EnteredSession);

const ELSEWHERE = "exam-elsewhere";
/** The kept attempt is another one's, or is no more. */
const GONE: readonly string[] = ["bad-credential", "exam-attempt-unknown", "not-found", "exam-token-wrong"];

export function useExam(code: string) {
  const [state, setState] = useState<ExamState>({ step: "loading" });
  const flow = useRef<ExamFlow | null>(null);
  const begin = useCallback(() => {
    flow.current?.close();
    flow.current = new ExamFlow(code, setState);
    void flow.current.begin();
  }, [code]);
  useEffect(() => {
    begin();
    return () => flow.current?.close();
  }, [begin]);
  return {
    state,
    reload: begin,
    /** @throws ApiError */
    enter: async (entering: Entering) => await flow.current?.enter(entering),
    takeOver: () => void flow.current?.takeOver(),
    /** This device is for somebody else now. */
    forget: () => void flow.current?.forget(),
  };
}

class ExamFlow {
  private readonly code: string;
  private readonly show: (state: ExamState) => void;
  private isClosed = false;
  private invitation: Invitation | null = null;
  private store: DeviceStore | null = null;
  /** How the candidate entered: another device's seat is taken over by entering once more. */
  private entering: Entering = {};
  private leave = (): void => {};

  constructor(code: string, show: (state: ExamState) => void) {
    this.code = code;
    this.show = show;
  }

  async begin(): Promise<void> {
    this.set({ step: "loading" });
    if (this.code === "") return this.set({ step: "unknown" });
    try {
      this.store = await openDeviceStore();
      const kept = await this.store.attemptOf(this.code);
      this.invitation = await this.find(kept?.invitation ?? null);
      if (kept && kept.invitation.id === this.invitation.id) await this.comeBack(this.invitation, kept.entered);
      else this.set({ step: "invited", invitation: this.invitation });
    } catch (error) {
      this.fail(error);
    }
  }

  async enter(entering: Entering): Promise<void> {
    const { invitation } = this;
    if (!invitation) return;
    this.entering = entering;
    try {
      await this.sit(invitation, await enterExam(invitation.id, entering));
    } catch (error) {
      if (errorCode(error) !== ELSEWHERE) throw error;
      this.set({ step: "elsewhere", invitation, isMoving: false, message: "" });
    }
  }

  async takeOver(): Promise<void> {
    const { invitation } = this;
    if (!invitation) return;
    this.set({ step: "elsewhere", invitation, isMoving: true, message: "" });
    try {
      await this.sit(invitation, await enterExam(invitation.id, { ...this.entering, takeOver: true }), true);
    } catch (error) {
      this.set({ step: "elsewhere", invitation, isMoving: false, message: errorMessage(error, "") || "offline" });
    }
  }

  async forget(): Promise<void> {
    await this.store?.forgetAttempt(this.code);
    this.leave();
    await this.begin();
  }

  close(): void {
    this.isClosed = true;
    this.leave();
  }

  /** Without an answer of the API, what the device knows: the door of the workers may answer. */
  private async find(known: Invitation | null): Promise<Invitation> {
    try {
      return await findExam(this.code);
    } catch (error) {
      if (known !== null && errorCode(error) === "offline") return known;
      throw error;
    }
  }

  /** With what this device keeps of an earlier visit. */
  private async comeBack(invitation: Invitation, kept: Entered): Promise<void> {
    this.entering = { token: kept.token };
    try {
      await this.sit(invitation, await enterExam(invitation.id, this.entering));
    } catch (error) {
      const code = errorCode(error);
      if (code === ELSEWHERE) return this.set({ step: "elsewhere", invitation, isMoving: false, message: "" });
      if (!GONE.includes(code)) {
        // The worker's door goes on where the API does not.
        if (code === "offline") return await this.sit(invitation, kept);
        throw error;
      }
      await this.store?.forgetAttempt(this.code);
      this.set({ step: "invited", invitation });
    }
  }

  private async sit(invitation: Invitation, entered: Entered, hasTakenOver = false): Promise<void> {
    const { store } = this;
    if (!store || this.isClosed) return;
    this.leave();
    const { attempt } = entered;
    this.entering = { ...this.entering, token: entered.token };
    await store.keepAttempt(this.code, { invitation, entered });
    const door = examDoor(attempt.examId, entered.token);
    const session = new ExamSession({
      attempt,
      store,
      door,
      facts: invitation.facts,
      clock: {
        now: () => serverClock.now(),
        elapsed: () => serverClock.elapsed(),
        onStep: (listener) => serverClock.onStep(listener),
      },
      random: Math.random,
      ...(entered.pollSeconds === undefined ? {} : { pollSeconds: entered.pollSeconds }),
      isSupervised: invitation.supervision != null && isSupervised(invitation.supervision),
      loadPackage: () => fetchPackage(entered.package),
      openPackage,
      sheetOf,
      openMedia: (files, hooks) => openMedia(attempt.id, files, hooks),
      openSections: openSectionTimes,
      openFiles: async (hooks) => {
        const { openAnswerFiles } = await import("./files/open-answer-files.ts");
        return await openAnswerFiles({ entered, door, hooks });
      },
    });
    const channel = seatChannel(attempt.id, () => session.leaveSeat());
    if (hasTakenOver) channel.take();
    const giveBack = hasTakenOver ? () => {} : await takeSeatLock(attempt.id);
    this.leave = () => {
      session.close();
      channel.close();
      giveBack?.();
    };
    if (this.isClosed) return this.leave();
    // Another window of this browser sits it.
    if (giveBack === null) return this.set({ step: "elsewhere", invitation, isMoving: false, message: "" });
    session.start();
    loadMediaView();
    loadSections();
    this.set({ step: "entered", invitation, session, entered, hasStore: !store.hasFailed() });
  }

  private fail(error: unknown): void {
    if (errorCode(error) === "not-found") return this.set({ step: "unknown" });
    this.set({ step: "failed", message: errorMessage(error, "") });
  }

  private set(state: ExamState): void {
    if (!this.isClosed) this.show(state);
  }
}
