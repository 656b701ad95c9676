/** Starts the supervision of an attempt, or of a phone beside it, in a browser: its devices, the publisher, and the server's door. */
import { createPublisher } from "@lectern/publisher";
import { after } from "../../schedule/after.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorCode } from "../../session/error-message.ts";
import type { Devices } from "./open-pictures.ts";
import { SupervisionSession } from "./supervision-session.ts";

type SupervisionStart = {
  /** Its id or its code. */
  readonly exam: string;
  /** Of the attempt, or of a phone. */
  readonly token: string;
  readonly hasCamera: boolean;
  readonly cameraAs: "camera" | "phone";
  readonly facing?: "user" | "environment";
};

/** The attempt is over, or another device has it. */
const FINAL = ["exam-ended", "exam-not-supervised", "exam-seat-taken", "exam-attempt-unknown", "no-such-exam"];

export function startSupervision({ exam, token, ...own }: SupervisionStart): SupervisionSession {
  const session = new SupervisionSession({
    ...own,
    door: () =>
      unwrap(
        api().POST("/api/v1/exams/{examinationId}/streams", {
          params: { path: { examinationId: exam } },
          body: { token },
        }),
      ),
    devices: devicesOfPage(),
    createPublisher,
    origin: location.origin,
    after,
    random: Math.random,
    isFinal: (error) => FINAL.includes(errorCode(error)),
  });
  session.start();
  return session;
}

/** Pages without HTTPS have no devices, whatever the types say. */
function devicesOfPage(): Devices {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return {};
  const { getUserMedia, getDisplayMedia } = devices;
  return {
    ...(getUserMedia ? { getUserMedia: getUserMedia.bind(devices) } : {}),
    ...(getDisplayMedia ? { getDisplayMedia: getDisplayMedia.bind(devices) } : {}),
  };
}
