/** Provides the queue of one question to its page: it is renewed while the page is open, and given back when it closes. */
import { useEffect, useRef, useState } from "react";
import { ApiError, api, unwrap } from "../../../session/api.ts";
import { type MarkingCalls, MarkingQueue } from "./marking-queue.ts";

/** Of the server's four minutes; a computer that sleeps for so long gives its answers to others. */
const RENEW_MS = 60_000;

export function useMarkingQueue(examinationId: string, question: string) {
  const [, render] = useState(0);
  const queue = useRef<MarkingQueue | null>(null);
  useEffect(() => {
    const opened = new MarkingQueue(callsOf(examinationId, question), () => render((times) => times + 1));
    queue.current = opened;
    void opened.start();
    const timer = setInterval(() => void opened.renew(), RENEW_MS);
    return () => {
      clearInterval(timer);
      void opened.close();
    };
  }, [examinationId, question]);
  return queue.current;
}

function callsOf(examinationId: string, question: string): MarkingCalls {
  const path = (attemptId: string) => ({ params: { path: { examinationId, attemptId, question } } });
  return {
    next: async (besides) => {
      const body = { question, besides: [...besides] };
      const asked = api().POST("/api/v1/exams/{examinationId}/markings/next", { params: { path: { examinationId } }, body });
      return (await unwrap(asked)).item;
    },
    give: async (attemptId, { points, criteria, comment }) => {
      const body = { points, criteria: [...criteria], comment };
      await unwrap(api().PUT("/api/v1/exams/{examinationId}/markings/{attemptId}/{question}", { ...path(attemptId), body }));
    },
    undo: async (attemptId) => {
      const asked = api().POST("/api/v1/exams/{examinationId}/markings/{attemptId}/{question}/undo", path(attemptId));
      const { points, criteria, comment, ...item } = await unwrap(asked);
      return { ...item, before: { points, criteria, comment } };
    },
    renew: async (attemptId) => {
      try {
        await unwrap(api().POST("/api/v1/exams/{examinationId}/markings/{attemptId}/{question}/renew", path(attemptId)));
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.problem.code === "conflict") return false;
        throw error;
      }
    },
    giveBack: async (attemptId) => {
      await unwrap(api().DELETE("/api/v1/exams/{examinationId}/markings/{attemptId}/{question}", path(attemptId)));
    },
  };
}
