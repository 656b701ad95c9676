/** Determines where this person's laser pointer is: the room hears some times a second where it has been. */
import { encodePoints, exact, type Point, type Sample } from "@lectern/board";
import { useMemo } from "react";
import type { Room } from "../../room/use-room.ts";

const EACH_MS = 100;
const MAX_POINTS = 60;

/** @returns takes where it is now; null: it is off */
export function useLaser({ send }: Pick<Room, "send">, page: string): (sample: Sample | null) => void {
  return useMemo(() => {
    let points: Point[] = [];
    let began = 0;
    let isWaiting = false;
    const tell = (): void => {
      isWaiting = false;
      if (points.length === 0) return;
      const text = encodePoints(points);
      points = [];
      // It is somewhere else in a moment anyway.
      void send("laser", { page, points: text }).catch(() => {});
    };
    return (sample) => {
      if (sample === null) return;
      if (points.length === 0) began = sample.time;
      const { x, y, pressure, time } = sample;
      if (points.length < MAX_POINTS) points.push(exact({ x, y, pressure, at: time - began }));
      if (!isWaiting) setTimeout(tell, EACH_MS);
      isWaiting = true;
    };
  }, [send, page]);
}
