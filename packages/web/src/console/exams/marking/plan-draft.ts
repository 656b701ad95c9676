/** Converts a plan of marking to what its form edits, and back. */
import type { ExamMarkingPlan } from "@lectern/client";
import { readPoints } from "./points-text.ts";

const MOST_POINTS = 100;

export type DraftPlan = {
  readonly markers: readonly {
    readonly userId: string;
    readonly name: string;
    /** Empty: all. */
    readonly questions: readonly string[];
  }[];
  /** The tolerance is as it was typed. */
  readonly double: readonly { readonly question: string; readonly tolerance: string }[];
  /** Questions that go to the scoring service. */
  readonly scored: readonly string[];
};

export function draftOf({ markers, double, scored }: ExamMarkingPlan): DraftPlan {
  return {
    markers: markers.map(({ questions, ...marker }) => ({ ...marker, questions: questions ?? [] })),
    double: double.map(({ question, tolerance }) => ({ question, tolerance: String(tolerance) })),
    scored,
  };
}

/** As the API takes it. */
export function planOf({ markers, double, scored }: DraftPlan) {
  return {
    markers: markers.map(({ userId, questions }) => ({ userId, questions: questions.length === 0 ? null : [...questions] })),
    double: double.map(({ question, tolerance }) => ({ question, tolerance: readPoints(tolerance, MOST_POINTS) ?? 0 })),
    scored: [...scored],
  };
}

export function addedMarker(markers: DraftPlan["markers"], { id, name }: { readonly id: string; readonly name: string }) {
  return markers.some(({ userId }) => userId === id) ? markers : [...markers, { userId: id, name, questions: [] }];
}
