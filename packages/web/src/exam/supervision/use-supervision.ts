/** Provides the supervision of an attempt, whose code is loaded where an examination is supervised alone. */
import { useEffect, useState } from "react";
import { after } from "../../schedule/after.ts";
import type { SupervisionTerms } from "../attempt/exam-types.ts";
import { isSupervised } from "./is-supervised.ts";
import type { SupervisionSession } from "./supervision-session.ts";

const RETRY_MS = 3000;

/**
 * Null while it loads, and where nothing is supervised.
 * @param terms null: the examination is not supervised, or it is over; @param examId of the examination
 */
export function useSupervision(terms: SupervisionTerms | null, examId: string, token: string): SupervisionSession | null {
  const [supervision, setSupervision] = useState<SupervisionSession | null>(null);
  const isWatched = terms !== null && isSupervised(terms);
  const hasCamera = terms !== null && terms.camera !== "none";
  useEffect(() => {
    if (!isWatched) return;
    let started: SupervisionSession | null = null;
    let cancel = (): void => {};
    let isOver = false;
    const load = (): void => {
      import("./start-supervision.ts").then(
        ({ startSupervision }) => {
          if (isOver) return;
          started = startSupervision({ exam: examId, token, hasCamera, cameraAs: "camera" });
          setSupervision(started);
        },
        // The line has broken: the candidate goes on, and it is tried again.
        () => {
          if (!isOver) cancel = after(RETRY_MS, load);
        },
      );
    };
    load();
    return () => {
      isOver = true;
      cancel();
      started?.close();
      setSupervision(null);
    };
  }, [isWatched, hasCamera, examId, token]);
  return supervision;
}
